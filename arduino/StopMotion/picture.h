// Where a picture comes from, and where in it the JPEG begins.
#pragma once

#include <stdint.h>

// Gives the camera's bytes one after another.
class Source {
 public:
  virtual void read(uint8_t *into, uint16_t count) = 0;
};

// The first bytes of a JPEG, whatever the camera gave before them.
//
// The boards differ: some give a byte of nothing before the picture, and one that is lost leaves a
// picture that begins with D8. So the beginning is looked for, and what is lost is put back.
class Beginning {
 public:
  // Whether there is a JPEG; reads up to the end of its beginning.
  bool find(Source &source) {
    uint8_t before = 0;
    for (uint8_t at = 0; at < FARTHEST; ++at) {
      uint8_t now;
      source.read(&now, 1);
      if (before == 0xFF && now == 0xD8) {
        length = 2;
        return true;
      }
      if (at == 1 && before == 0xD8 && now == 0xFF) {
        length = 3;
        return true;
      }
      before = now;
    }
    return false;
  }

  const uint8_t bytes[3] = {0xFF, 0xD8, 0xFF};
  uint8_t length = 0;  // how many of `bytes` are the picture's beginning

 private:
  static const uint8_t FARTHEST = 16;
};
