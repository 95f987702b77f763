// What an endpoint's answer means (contracts: Models 4, 6): one class that decides what happens next. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "bot/base/time.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::endpoint {

enum class Class : std::uint8_t {
  answer,
  cut,            // the output limit was reached
  empty,          // nothing that can be read as an answer
  refused,        // by the model or a filter: final for this question
  form,           // the way of asking is not taken: ask otherwise
  too_long,       // the question does not fit
  permanent,      // the endpoint will not answer this question
  configuration,  // address, key or model are wrong: nobody is served until somebody mends it
  out_of_money,
  transient,
  wait,  // told to slow down
};
std::string_view to_string(Class value);

struct Reading {
  Class kind = Class::transient;
  std::string content, model;                      // of an answer
  std::int64_t asked_tokens = 0, said_tokens = 0;  // as reported; 0: not reported
  std::optional<std::chrono::milliseconds> wait;   // as told
  std::string about;       // what was refused, in the endpoint's words, lower case: never logged
  std::string why;         // status and code: for the log
  std::string request_id;  // for the endpoint's support
};
Reading read(const http::Response& response, Moment now);

// Of a body or a header; nothing if none tells.
std::optional<std::chrono::milliseconds> told_wait(const http::Response& response, Moment now);

}  // namespace broadsheet::endpoint
