// One picture as one HTTP request, and the answer to it.
#pragma once

#include <Client.h>

#include "picture.h"

struct Recipient {
  const char *host;
  uint16_t port;
  const char *path;   // in the flash
  const char *token;  // in the flash
};

inline const __FlashStringHelper *flash(const char *text) {
  return reinterpret_cast<const __FlashStringHelper *>(text);
}

// Gathers small pieces into one packet: each write of the shield is a packet of its own.
class Batch : public Print {
 public:
  explicit Batch(Client &client) : client_(client) {}

  size_t write(uint8_t byte) override {
    bytes_[used_++] = byte;
    return used_ < sizeof bytes_ || send() ? 1 : 0;
  }
  using Print::write;

  // The next `count` bytes of the picture, as many as fit.
  uint16_t fill(Source &source, uint32_t count) {
    const uint16_t room = sizeof bytes_ - used_;
    const uint16_t taken = count < room ? count : room;
    source.read(bytes_ + used_, taken);
    used_ += taken;
    return taken;
  }

  // Whether everything so far is on its way.
  bool send() {
    uint16_t sent = 0;
    while (fine_ && sent < used_) {
      const size_t more = client_.write(bytes_ + sent, used_ - sent);
      sent += more;
      fine_ = more > 0;
    }
    used_ = 0;
    return fine_;
  }

 private:
  Client &client_;
  uint8_t bytes_[256];
  uint16_t used_ = 0;
  bool fine_ = true;
};

inline void printHead(Print &out, const Recipient &to, uint32_t length) {
  out.print(F("POST "));
  out.print(flash(to.path));
  out.print(F(" HTTP/1.1\r\nHost: "));
  out.print(to.host);
  if (to.port != 80) {
    out.print(':');
    out.print(to.port);
  }
  out.print(F("\r\nAuthorization: Bearer "));
  out.print(flash(to.token));
  out.print(F("\r\nContent-Type: image/jpeg\r\nContent-Length: "));
  out.print(length);
  out.print(F("\r\nConnection: close\r\n\r\n"));
}

// Whether all of it is on its way: the head, the beginning that was found, and then bytes of
// `source` until there are `length` in all.
inline bool sendPicture(Client &client, const Recipient &to, const Beginning &beginning,
                        Source &source, uint32_t length) {
  Batch batch(client);
  printHead(batch, to, length);
  batch.write(beginning.bytes, beginning.length);
  uint32_t left = length - beginning.length;
  while (left > 0) {
    left -= batch.fill(source, left);
    if (!batch.send()) return false;
  }
  return batch.send();
}

// The status of the answer, such as 201; 0 if none came within so many milliseconds.
inline uint16_t readStatus(Client &client, uint32_t within) {
  const uint32_t began = millis();
  uint16_t status = 0;
  uint8_t words = 0;  // how many spaces have passed: the status is the second word
  while (millis() - began < within) {
    const int got = client.read();
    if (got < 0) {
      if (!client.connected()) return 0;
      continue;
    }
    if (got == ' ' || got == '\r' || got == '\n') {
      if (++words == 2 || got != ' ') return status >= 100 && status <= 599 ? status : 0;
    } else if (words == 1) {
      if (got < '0' || got > '9' || status > 599) return 0;
      status = status * 10 + (got - '0');
    }
  }
  return 0;
}
