// So that the sketch can be linked: what it says is read, and nothing is done.
#include "Ethernet.h"

#include <SPI.h>

EthernetClass Ethernet;

int EthernetClass::begin(uint8_t *mac, unsigned long timeout) {
  return SPI.transfer(mac[0]) < timeout;
}
int EthernetClass::maintain() { return SPI.transfer(0); }
void EthernetClass::init(uint8_t cs) { digitalWrite(cs, HIGH); }

int EthernetClient::connect(IPAddress address, uint16_t) { return SPI.transfer(address[0]); }
int EthernetClient::connect(const char *host, uint16_t) { return SPI.transfer(host[0]); }
size_t EthernetClient::write(uint8_t byte) { return SPI.transfer(byte); }
size_t EthernetClient::write(const uint8_t *bytes, size_t count) {
  while (count-- > 0) SPI.transfer(*bytes++);
  return 1;
}
int EthernetClient::available() { return SPI.transfer(1); }
int EthernetClient::read() { return SPI.transfer(2); }
int EthernetClient::read(uint8_t *bytes, size_t) { return *bytes = SPI.transfer(3); }
int EthernetClient::peek() { return SPI.transfer(4); }
void EthernetClient::flush() { SPI.transfer(5); }
void EthernetClient::stop() { SPI.transfer(6); }
uint8_t EthernetClient::connected() { return SPI.transfer(7); }
EthernetClient::operator bool() { return true; }
void EthernetClient::setConnectionTimeout(uint16_t milliseconds) { SPI.transfer(milliseconds); }
