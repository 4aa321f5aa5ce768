#ifndef LAKEGATE_CCURL_SHIM_H
#define LAKEGATE_CCURL_SHIM_H
#include <curl/curl.h>
#endif
