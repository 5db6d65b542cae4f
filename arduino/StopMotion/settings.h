// What you change. Everything else is in StopMotion.ino and needs no change.
#pragma once

// The host of `PlainRecipient`, which `make outputs` prints, without http:// and path.
#define HOST "d111111abcdef8.cloudfront.net"
#define PORT 80
#define PATH "/camera"

// `make add-camera NAME="Garden"` prints it, once. Plain HTTP carries it, so it can only send
// pictures: the cloud never lets such a camera ring, open or read.
#define TOKEN "home.garden.paste-the-secret-here"

// The sticker on the shield.
#define MAC_ADDRESS {0xA8, 0x61, 0x0A, 0xAE, 0x00, 0x01}

// Hours from one picture to the next; the first one comes when the board starts. 576 at most.
#define EVERY_HOURS 6

// The wire from the camera's CS. Pin 10 is the shield's own, pin 4 its card's.
#define CAMERA_CS 7
