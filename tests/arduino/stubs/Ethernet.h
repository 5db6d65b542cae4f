// The calls of the Ethernet library (2.0) that our sketch makes, and nothing else: Debian has no
// package of it. Names are those of its documented interface.
#pragma once

#include <Arduino.h>
#include <Client.h>

class EthernetClass {
 public:
  static int begin(uint8_t *mac, unsigned long timeout);
  static int maintain();
  static void init(uint8_t cs);
};

extern EthernetClass Ethernet;

class EthernetClient : public Client {
 public:
  int connect(IPAddress address, uint16_t port) override;
  int connect(const char *host, uint16_t port) override;
  size_t write(uint8_t byte) override;
  size_t write(const uint8_t *bytes, size_t count) override;
  int available() override;
  int read() override;
  int read(uint8_t *bytes, size_t count) override;
  int peek() override;
  void flush() override;
  void stop() override;
  uint8_t connected() override;
  operator bool() override;
  void setConnectionTimeout(uint16_t milliseconds);
  using Print::write;
};
