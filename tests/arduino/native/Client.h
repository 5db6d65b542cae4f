// Arduino's connection, as far as the sketch's logic uses it.
#pragma once

#include "Arduino.h"

class Client : public Print {
 public:
  using Print::write;
  virtual int read() = 0;
  virtual uint8_t connected() = 0;
};
