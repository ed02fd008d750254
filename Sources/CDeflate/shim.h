// libdeflate: DEFLATE of whole buffers, into room that the caller sets aside.
#pragma once
#include <libdeflate.h>
