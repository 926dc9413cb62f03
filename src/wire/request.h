// Requests to a node and its answers: JSON headers of net::FramedStream (docs/formats/messages.md).
//   request {"op":"table.put",…}    answer {"status":"ok","data":{…}} |
//   {"status":"error","id":…,"args":[…],"exit":…}
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace sluis::wire {

// Protocol version of requests; a node that speaks another answers exit 9.
inline constexpr int kRequestVersion = 1;

// {"op":op,"v":1,…}: `fields` adds further members.
std::string request(std::string_view op, const std::function<void(JsonWriter&)>& fields = {});
// The whole request, op checked to be a short name. Errors: S1040.*, S1050.request.
struct Request {
  std::string op;
  JsonValue value;
};
Result<Request> parse_request(std::string_view text);

// `data` writes the value of "data" (an object).
std::string ok_answer(const std::function<void(JsonWriter&)>& data = {});
// Errors travel as id and arguments: the reader's own catalogue words them.
std::string error_answer(const Error& error);
// The value of "data", or the node's error; S1050.answer if the text is neither.
Result<JsonValue> parse_answer(std::string_view text);

}  // namespace sluis::wire
