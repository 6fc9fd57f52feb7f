// The fault matrix of the Live API: what a server can do wrong, at every moment at which it can, live and
// not.

#include "elements/live_faults.h"

using namespace gemini;
using namespace gemini::test;

namespace {

constexpr Failure kLost{Domain::Resource, GST_RESOURCE_ERROR_READ, "in the middle of a turn"};
constexpr Failure kBusy{Domain::Resource, GST_RESOURCE_ERROR_BUSY, "try again in a while"};
constexpr Failure kNotUnderstood{Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood"};
constexpr Failure kNoMessage{Domain::Stream, GST_STREAM_ERROR_DECODE, "no WebSocket message"};
constexpr Failure kNoQuota{Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota"};
constexpr Failure kClosed{Domain::Resource, GST_RESOURCE_ERROR_READ, "was closed"};

constexpr Row kConnectionLost[] = {
    {"reset", Kind::Lost, kUpgrade | kInSession, kLost},
    {"drop", Kind::Lost, kUpgrade | kInSession, kLost},
    {"close:0", Kind::Lost, kInSession, kLost},
    {"close:1000", Kind::Lost, kInSession, kLost},
    {"close:1001", Kind::Lost, kInSession, kLost},
    {"close:1006", Kind::Lost, kInSession, kLost},
    {"close:1011", Kind::Lost, kInSession, kLost},
    {"close:1011:Internal error encountered.", Kind::Lost, kInSession, kLost},
    {"close:1011:Deadline expired before operation could complete.",
     Kind::Lost,
     kInSession,
     {Domain::Resource, GST_RESOURCE_ERROR_READ, "reached the age"}},
    {"close:1011:The service is currently unavailable.", Kind::Lost, kInSession, kBusy},
    {"close:1008:The operation was aborted.", Kind::Lost, kInSession, kLost},
    {"close:1008:Request trace id: 0123456789abcdef, [ORIGINAL ERR", Kind::Lost, kInSession, kLost},
    {"close:1012", Kind::Lost, kInSession, kBusy},
    {"close:1013", Kind::Lost, kInSession, kBusy},
    {"close:1014", Kind::Lost, kInSession, kLost},
    {"cut-reason:1011", Kind::Lost, kInSession, kLost},
    {"long-close:1011", Kind::Lost, kInSession, kLost},
    {"error:503", Kind::Lost, kInSession & ~(kIdle | kSwap | kAfterEnd), kBusy},
};

constexpr Row kRefusals[] = {
    {"close:1002", Kind::Refused, kInSession, kClosed},
    {"close:1003", Kind::Refused, kInSession, kClosed},
    {"close:1009", Kind::Refused, kInSession, {Domain::Resource, GST_RESOURCE_ERROR_READ, "too large"}},
    {"close:4000:Go away, key=AIzaSyCANARY-key-0123456789", Kind::Refused, kInSession, kClosed},
    {"close:1007",
     Kind::Refused,
     kInSession,
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "check the properties"},
     true},
    {"close:1007:API key expired. Please renew the API key.",
     Kind::Refused,
     kInSession,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "renew it"}},
    {"close:1007:Request contains an invalid argument.",
     Kind::Refused,
     kInSession,
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "check model"},
     true},
    {"close:1008:models/none is not found for API version v1beta",
     Kind::Refused,
     kInSession,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model"},
     true},
    {"close:1011:You exceeded your current quota, please check your plan and billing details.", Kind::Refused,
     kInSession, kNoQuota},
    {"error:400",
     Kind::Refused,
     kInSession & ~(kIdle | kSwap | kAfterEnd),
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key"}},
    {"http:400",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key was refused"}},
    {"http:401",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "renew"}},
    {"http:403",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "rights"}},
    {"http:404",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the"}},
    {"http:429:day",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "of the day"}},
    {"html:200",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "does not speak the protocol"}},
    {"html:302",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "does not speak the protocol"}},
    {"html:407",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "proxy"}},
    {"html:418",
     Kind::Refused,
     kUpgrade | kSwap,
     {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "check the endpoint"}},
};

constexpr Row kPassing[] = {
    {"http:408", Kind::Harmless, kUpgrade | kSwap},
    {"http:429:0", Kind::Harmless, kUpgrade | kSwap},
    {"http:500", Kind::Harmless, kUpgrade | kSwap},
    {"html:502", Kind::Harmless, kUpgrade | kSwap},
    {"http:503", Kind::Harmless, kUpgrade | kSwap},
    {"http:504", Kind::Harmless, kUpgrade | kSwap},
    {"ping", Kind::Harmless, kInSession},
    {"ping-flood:1000", Kind::Harmless, kInSession},
    {"tiny:1000", Kind::Harmless, kInSession},
    {"ping-flood:10000", Kind::Harmless, kSpeech},
    {"tiny:10000", Kind::Harmless, kSpeech | kSetup},
    {"empty-fragments", Kind::Harmless, kInSession},
    {"message:{}", Kind::Harmless, kInSession},
    {"message:{\"future\":[{}]}", Kind::Harmless, kInSession},
    {"big:64", Kind::Harmless, kSpeech | kIdle},
    {"deaf", Kind::Harmless, kInAnswer & ~kMany},
    {"bad-base64", Kind::Harmless, kSetup},  // nothing is an answer before the setup is answered
    {"drip:4096", Kind::Harmless, kSetup | kInAnswer},
};

constexpr unsigned kNotBase64 = kInSession & ~(kSetup | kIdle | kSwap);

constexpr Row kNonsense[] = {
    {"malformed-json", Kind::Nonsense, kInSession, kNotUnderstood},
    {"bad-base64",
     Kind::Nonsense,
     kNotBase64,
     {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be decoded"}},
    {"bad-utf8", Kind::Nonsense, kInSession, kNotUnderstood},
    {"nul", Kind::Nonsense, kInSession, kNotUnderstood},
    {"message:{\"a\":\"\\u0000\"}", Kind::Nonsense, kInSession, kNotUnderstood},
    {"empty", Kind::Nonsense, kInSession, kNotUnderstood},
    {"message:[]", Kind::Nonsense, kInSession, kNotUnderstood},
    {"message:null", Kind::Nonsense, kInSession, kNotUnderstood},
    {"message:{\"serverContent\":{\"modelTurn\":{\"parts\":7}}}", Kind::Nonsense, kInSession, kNotUnderstood},
    {"deep:65", Kind::Nonsense, kInSession, kNotUnderstood},
    {"deep:1000000", Kind::Nonsense, kSetup | kSpeech | kIdle, kNotUnderstood},
    {"reserved-bits", Kind::Nonsense, kInSession, kNoMessage},
    {"masked-frame", Kind::Nonsense, kInSession, kNoMessage},
    {"bad-opcode", Kind::Nonsense, kInSession, kNoMessage},
    {"big:129", Kind::Nonsense, kSpeech, {Domain::Stream, GST_STREAM_ERROR_DECODE, "too large"}},
    {"message:{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/opus\","
     "\"data\":\"AAAA\"}}]}}}",
     Kind::Nonsense,
     kNotBase64,
     {Domain::Stream, GST_STREAM_ERROR_FORMAT, "cannot be played"}},
};

}  // namespace

GST_START_TEST (a_connection_that_is_lost) { check_rows ("connections lost", kConnectionLost); }
GST_END_TEST;

GST_START_TEST (a_server_that_refuses_to_go_on) { check_rows ("refusals", kRefusals); }
GST_END_TEST;

GST_START_TEST (what_passes_or_does_no_harm) { check_rows ("harmless", kPassing); }
GST_END_TEST;

GST_START_TEST (what_is_not_the_protocol) { check_rows ("nonsense", kNonsense); }
GST_END_TEST;

GEMINI_CHECK_MAIN (faults, a_connection_that_is_lost, a_server_that_refuses_to_go_on,
                   what_passes_or_does_no_harm, what_is_not_the_protocol)
