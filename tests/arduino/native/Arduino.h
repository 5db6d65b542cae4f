// As much of Arduino's core as the sketch's logic needs, for a computer.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <string>

class __FlashStringHelper;
#define PROGMEM
#define F(text) (reinterpret_cast<const __FlashStringHelper *>(text))

// A millisecond passes each time that somebody looks.
inline uint32_t &clockNow() {
  static uint32_t now = 0xFFFFFF00;  // about to overflow
  return now;
}
inline uint32_t millis() { return ++clockNow(); }

class Print {
 public:
  virtual ~Print() {}
  virtual size_t write(uint8_t byte) = 0;
  virtual size_t write(const uint8_t *bytes, size_t count) {
    size_t written = 0;
    while (written < count && write(bytes[written]) == 1) ++written;
    return written;
  }
  size_t print(const char *text) {
    return write(reinterpret_cast<const uint8_t *>(text), strlen(text));
  }
  size_t print(const __FlashStringHelper *text) {
    return print(reinterpret_cast<const char *>(text));
  }
  size_t print(char letter) { return write(static_cast<uint8_t>(letter)); }
  size_t print(unsigned long number) { return print(std::to_string(number).c_str()); }
  size_t print(unsigned int number) { return print(static_cast<unsigned long>(number)); }
  size_t print(uint16_t number) { return print(static_cast<unsigned long>(number)); }
};
