#ifndef LAKEGATE_CHIREDIS_SHIM_H
#define LAKEGATE_CHIREDIS_SHIM_H
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
#endif
