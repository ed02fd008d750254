// malloc.h of glibc, which Swift's own module of glibc leaves out: malloc_trim.
#pragma once
#include <malloc.h>
