// Chosen by whoever installs the library: which camera it is compiled for.
#pragma once
#define OV2640_MINI_2MP_PLUS
