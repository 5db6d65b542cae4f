// So that the sketch can be linked: what it says is read, and nothing is done.
#include "ArduCAM.h"

#include <SPI.h>
#include <Wire.h>

static volatile uint8_t chip;

ArduCAM::ArduCAM(byte, int cs) { chip = cs; }
void ArduCAM::InitCAM() { chip = 1; }
void ArduCAM::CS_HIGH() { digitalWrite(chip, HIGH); }
void ArduCAM::CS_LOW() { digitalWrite(chip, LOW); }
void ArduCAM::flush_fifo() { chip = 2; }
void ArduCAM::start_capture() { chip = 3; }
void ArduCAM::clear_fifo_flag() { chip = 4; }
uint8_t ArduCAM::read_reg(uint8_t address) { return SPI.transfer(address); }
void ArduCAM::write_reg(uint8_t address, uint8_t data) { SPI.transfer(address), SPI.transfer(data); }
uint32_t ArduCAM::read_fifo_length() { return SPI.transfer(0x42); }
void ArduCAM::set_fifo_burst() { SPI.transfer(0x3C); }
uint8_t ArduCAM::get_bit(uint8_t address, uint8_t bit) { return read_reg(address) & bit; }
byte ArduCAM::wrSensorReg8_8(int reg, int data) {
  Wire.beginTransmission(0x30);
  Wire.write(reg);
  Wire.write(data);
  return Wire.endTransmission() == 0;
}
byte ArduCAM::rdSensorReg8_8(uint8_t, uint8_t *data) {
  *data = Wire.read();
  return 1;
}
void ArduCAM::OV2640_set_JPEG_size(uint8_t size) { chip = size; }
void ArduCAM::set_format(byte format) { chip = format; }
