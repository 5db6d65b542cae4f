// A picture every six hours, by plain HTTP, from an Arduino UNO with an Ethernet Shield 2 and an
// ArduCAM Mini 2MP Plus (OV2640). Wiring and set-up: docs/cameras/arduino.md.
//
// Libraries: Ethernet (2.0 or newer), and ArduCAM with `#define OV2640_MINI_2MP_PLUS` in its
// memorysaver.h.

#include <Arduino.h>
#include <ArduCAM.h>
#include <Ethernet.h>
#include <SPI.h>
#include <Wire.h>

#include "memorysaver.h"
#include "picture.h"
#include "request.h"
#include "schedule.h"
#include "settings.h"

const uint32_t HOUR = 3600000UL;
const uint32_t MINUTE = 60000UL;
const uint8_t TRIES = 5;  // after 1, 2, 4 and 8 minutes

const uint32_t CAPTURE_WITHIN = 5000;
const uint32_t ANSWER_WITHIN = 30000;  // a function that starts cold takes seconds
const uint16_t CONNECT_WITHIN = 10000;
const uint32_t LEASE_WITHIN = 10000;

const uint8_t SHIELD_CS = 10;
const uint8_t CARD_CS = 4;

static_assert(EVERY_HOURS >= 1 && EVERY_HOURS <= 576, "EVERY_HOURS is from 1 to 576");
static_assert(CAMERA_CS != SHIELD_CS && CAMERA_CS != CARD_CS, "CAMERA_CS is the shield's");

// These stay in the flash: memory is for what changes.
const char PATH_TEXT[] PROGMEM = PATH;
const char TOKEN_TEXT[] PROGMEM = TOKEN;

ArduCAM camera(OV2640, CAMERA_CS);
Schedule schedule(EVERY_HOURS *HOUR, MINUTE, TRIES, 0);
bool hasAddress = false;

// What the camera has taken, byte by byte. Between two reads the bus is the shield's.
class Fifo : public Source {
 public:
  void read(uint8_t *into, uint16_t count) override {
    SPI.beginTransaction(SPISettings(8000000, MSBFIRST, SPI_MODE0));
    camera.CS_LOW();
    camera.set_fifo_burst();
    while (count-- > 0) *into++ = SPI.transfer(0x00);
    camera.CS_HIGH();
    SPI.endTransaction();
  }
};

// Whether the camera answers on both of its buses, ready to give JPEGs of 800x600.
bool startCamera() {
  camera.write_reg(0x07, 0x80);  // resets the camera's own chip
  delay(100);
  camera.write_reg(0x07, 0x00);
  delay(100);
  camera.write_reg(ARDUCHIP_TEST1, 0x55);
  if (camera.read_reg(ARDUCHIP_TEST1) != 0x55) {
    Serial.println(F("the camera does not answer: look at CS, MOSI, MISO, SCK"));
    return false;
  }
  uint8_t maker = 0;
  camera.wrSensorReg8_8(0xFF, 0x01);
  camera.rdSensorReg8_8(0x0A, &maker);
  if (maker != 0x26) {
    Serial.println(F("the sensor does not answer: look at SDA and SCL"));
    return false;
  }
  camera.set_format(JPEG);
  camera.InitCAM();
  camera.OV2640_set_JPEG_size(OV2640_800x600);
  camera.clear_fifo_flag();
  delay(1000);  // until exposure and colours have settled
  return true;
}

// How many bytes the camera has taken; 0 if it has not.
uint32_t capture() {
  camera.flush_fifo();
  camera.clear_fifo_flag();
  camera.start_capture();
  const uint32_t began = millis();
  while (!camera.get_bit(ARDUCHIP_TRIG, CAP_DONE_MASK)) {
    if (millis() - began > CAPTURE_WITHIN) return 0;
  }
  const uint32_t length = camera.read_fifo_length();
  return length < MAX_FIFO_SIZE ? length : 0;
}

// Whether the shield has an address of this network.
bool online() {
  if (!hasAddress) {
    uint8_t mac[] = MAC_ADDRESS;
    hasAddress = Ethernet.begin(mac, LEASE_WITHIN) != 0;
    if (!hasAddress) Serial.println(F("no address: look at the cable"));
  }
  return hasAddress;
}

// The answer's status; 0 if there is none.
uint16_t upload(const Beginning &beginning, Source &source, uint32_t length) {
  const Recipient to = {HOST, PORT, PATH_TEXT, TOKEN_TEXT};
  EthernetClient client;
  client.setConnectionTimeout(CONNECT_WITHIN);
  if (client.connect(to.host, to.port) != 1) return 0;
  const bool sent = sendPicture(client, to, beginning, source, length);
  // A cloud that refuses may answer before all of it is sent.
  const uint16_t status = readStatus(client, sent ? ANSWER_WITHIN : 1000);
  client.stop();
  return status;
}

// Whether this picture is done with: it is in the cloud, or never will be.
bool takeAndSend() {
  if (!startCamera() || !online()) return false;
  const uint32_t length = capture();
  Fifo fifo;
  Beginning beginning;
  if (length < 100 || !beginning.find(fifo)) {
    Serial.println(F("the camera gave no picture"));
    return false;
  }
  const uint16_t status = upload(beginning, fifo, length);
  // Perhaps this is another network by now: the next try asks for an address anew.
  if (status == 0) hasAddress = false;
  Serial.print(length);
  Serial.print(F(" bytes, answer "));
  Serial.println(status);
  // 408 and 429 ask for another try, as all that the cloud has trouble with itself does.
  const bool refused = status >= 400 && status < 500 && status != 408 && status != 429;
  if (refused) Serial.println(F("refused: look at TOKEN and HOST"));
  return refused || (status >= 200 && status < 300);
}

// Nobody is on the bus but who is asked.
void silence(uint8_t cs) {
  pinMode(cs, OUTPUT);
  digitalWrite(cs, HIGH);
}

void setup() {
  Serial.begin(115200);
  silence(SHIELD_CS);
  silence(CARD_CS);
  silence(CAMERA_CS);
  SPI.begin();
  Wire.begin();
  Ethernet.init(SHIELD_CS);
}

void loop() {
  if (hasAddress) Ethernet.maintain();
  if (!schedule.due(millis())) return;
  if (takeAndSend()) {
    schedule.done(millis());
  } else {
    schedule.failed(millis());
  }
}
