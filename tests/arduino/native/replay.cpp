// Sends what a camera's FIFO holds through the sketch's own code, to a file in place of a network.
//
//   replay FIFO LENGTH OUT MOST DIES_AFTER ANSWER HOST PORT
//
// FIFO and ANSWER are files; OUT gets every byte that was sent. Of each write MOST bytes are taken
// at a time; after DIES_AFTER bytes the connection is gone. Prints `nothing` if there is no JPEG,
// else whether all was sent and the answer's status.

#include <stdio.h>
#include <stdlib.h>

#include <string>

#include "../../../arduino/StopMotion/request.h"

static std::string contentOf(const char *name) {
  std::string content;
  FILE *file = fopen(name, "rb");
  for (int byte; (byte = fgetc(file)) != EOF;) content += static_cast<char>(byte);
  fclose(file);
  return content;
}

class Fifo : public Source {
 public:
  explicit Fifo(const std::string &content) : content_(content) {}
  void read(uint8_t *into, uint16_t count) override {
    // Beyond its end a real one gives something, too.
    while (count-- > 0) *into++ = at_ < content_.size() ? content_[at_++] : 0;
  }

 private:
  const std::string content_;
  size_t at_ = 0;
};

class FileClient : public Client {
 public:
  FileClient(FILE *out, size_t most, size_t diesAfter, const std::string &answer)
      : out_(out), most_(most), left_(diesAfter), answer_(answer) {}
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *bytes, size_t count) override {
    size_t taken = count < most_ ? count : most_;
    if (taken > left_) taken = left_;
    left_ -= taken;
    return fwrite(bytes, 1, taken, out_);
  }
  int read() override {
    // Now and then nothing has come yet.
    if (++asked_ % 3 == 0 || at_ >= answer_.size()) return -1;
    return static_cast<uint8_t>(answer_[at_++]);
  }
  uint8_t connected() override { return answer_.empty() || at_ < answer_.size(); }

 private:
  FILE *out_;
  const size_t most_;
  size_t left_;
  const std::string answer_;
  size_t at_ = 0, asked_ = 0;
};

int main(int, char **given) {
  Fifo fifo(contentOf(given[1]));
  const uint32_t length = strtoul(given[2], nullptr, 10);
  FILE *out = fopen(given[3], "wb");
  FileClient client(out, atoi(given[4]), atoi(given[5]), contentOf(given[6]));
  Beginning beginning;
  if (!beginning.find(fifo)) {
    puts("nothing");
    return 0;
  }
  const Recipient to = {given[7], static_cast<uint16_t>(atoi(given[8])), "/camera", "home.garden.secret"};
  const bool sent = sendPicture(client, to, beginning, fifo, length);
  fclose(out);
  printf("%d %d\n", sent, readStatus(client, 1000));
  return 0;
}
