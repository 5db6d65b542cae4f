// The calls of the ArduCAM library that our sketch makes, and nothing else: Debian has no package
// of it. Names and numbers are those of its documented interface and of the chip's registers.
#pragma once

#include <Arduino.h>

#include "memorysaver.h"

#define JPEG 1
#define OV2640 5
#define OV2640_800x600 5
#define MAX_FIFO_SIZE 0x7FFFFF
#define ARDUCHIP_TEST1 0x00
#define ARDUCHIP_TRIG 0x41
#define CAP_DONE_MASK 0x08

class ArduCAM {
 public:
  ArduCAM(byte model, int cs);
  void InitCAM();
  void CS_HIGH();
  void CS_LOW();
  void flush_fifo();
  void start_capture();
  void clear_fifo_flag();
  uint8_t read_reg(uint8_t address);
  void write_reg(uint8_t address, uint8_t data);
  uint32_t read_fifo_length();
  void set_fifo_burst();
  uint8_t get_bit(uint8_t address, uint8_t bit);
  byte wrSensorReg8_8(int reg, int data);
  byte rdSensorReg8_8(uint8_t reg, uint8_t *data);
  void OV2640_set_JPEG_size(uint8_t size);
  void set_format(byte format);
};
