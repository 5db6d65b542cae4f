// When the next picture is due, by a clock that begins anew every 49.7 days.
#pragma once

#include <stdint.h>

// Moments are millis(). They are only ever subtracted from each other, so that the clock's overflow
// is no moment at all: two of them may lie 24.8 days apart at the most.
class Schedule {
 public:
  // The first picture is due `now`, the others every so many milliseconds after it. A picture that
  // fails is tried `tries` times in all: after `retry` milliseconds, then twice as many, and so on.
  Schedule(uint32_t every, uint32_t retry, uint8_t tries, uint32_t now)
      : every_(every), retry_(retry), tries_(tries), planned_(now), at_(now) {}

  bool due(uint32_t now) const { return reached(at_, now); }

  // The picture has arrived, or never will: the next one is due as it was planned, without drift.
  // Instants that have passed meanwhile are left out.
  void done(uint32_t now) {
    failures_ = 0;
    do {
      planned_ += every_;
    } while (reached(planned_, now));
    at_ = planned_;
  }

  // Not now: try again later, but never when the next picture is due anyway.
  void failed(uint32_t now) {
    ++failures_;
    const uint32_t again = now + (retry_ << (failures_ - 1));
    if (failures_ >= tries_ || reached(planned_ + every_, again)) {
      done(now);
    } else {
      at_ = again;
    }
  }

 private:
  static bool reached(uint32_t moment, uint32_t now) {
    return static_cast<int32_t>(now - moment) >= 0;
  }

  const uint32_t every_;
  const uint32_t retry_;
  const uint8_t tries_;
  uint32_t planned_;
  uint32_t at_;
  uint8_t failures_ = 0;
};
