// The sketch's schedule, told line by line: `due NOW` is answered by 0 or 1, `done NOW` and
// `failed NOW` by nothing.
//
//   plan EVERY RETRY TRIES NOW

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../arduino/StopMotion/schedule.h"

static uint32_t number(const char *text) { return strtoul(text, nullptr, 10); }

int main(int, char **given) {
  Schedule plan(number(given[1]), number(given[2]), atoi(given[3]), number(given[4]));
  char word[16], text[16];
  while (scanf("%15s %15s", word, text) == 2) {
    const uint32_t now = number(text);
    if (strcmp(word, "due") == 0) {
      printf("%d\n", plan.due(now));
      fflush(stdout);
    } else if (strcmp(word, "done") == 0) {
      plan.done(now);
    } else {
      plan.failed(now);
    }
  }
  return 0;
}
