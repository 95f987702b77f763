#include "tests/fakes/model_rules.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 4;

std::string text_of(const Json& json, const char* key) {
  auto it = json.find(key);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// The strictest common subset of JSON Schema (contracts: Models 3).
class SchemaRules {
 public:
  explicit SchemaRules(std::vector<std::string>& out) : out_(out) {}

  void check(const Json& schema, int depth = 1) {
    static const std::set<std::string> kKnown = {"type", "properties",           "required", "items",
                                                 "enum", "additionalProperties", "anyOf",    "description"};
    if (depth > 2 * kDeepest) out_.emplace_back("the schema is too deep");
    for (const auto& [key, value] : schema.items())
      if (!kKnown.contains(key)) out_.push_back("the schema uses " + key);
    if (schema.contains("properties")) object(schema, depth);
    if (auto it = schema.find("items"); it != schema.end()) check(*it, depth + 1);
    if (auto it = schema.find("anyOf"); it != schema.end())
      for (const auto& one : *it) check(one, depth + 1);
    if (text_of(schema, "type") == "number") out_.emplace_back("the schema has a free number");
  }

 private:
  void object(const Json& schema, int depth) {
    if (schema.value("additionalProperties", true)) out_.emplace_back("an object of the schema is open");
    std::set<std::string> required, properties;
    for (const auto& name : schema.value("required", Json::array())) required.insert(name.get<std::string>());
    for (const auto& [name, value] : schema["properties"].items()) properties.insert(name);
    if (required != properties || properties.empty()) out_.emplace_back("an object of the schema does not require all");
    for (const auto& [name, value] : schema["properties"].items()) check(value, depth + 1);
  }
  std::vector<std::string>& out_;
};

void check_transport(const Seen& seen, const ModelManners& manners, ModelRequest& out) {
  auto header = [&seen](const char* name) {
    auto it = seen.headers.find(name);
    return it == seen.headers.end() ? std::string() : it->second;
  };
  if (seen.method != "POST" || seen.target != "/v1/chat/completions")
    out.violations.push_back("asked " + seen.method + " " + seen.target);
  if (!header("content-type").starts_with("application/json"))
    out.violations.emplace_back("the body is not named JSON");
  if (!manners.key.empty() && header("authorization") != "Bearer " + manners.key)
    out.refusal = model_error(401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key");
}

void check_messages(const Json& body, AskedModel& asked, std::vector<std::string>& out) {
  auto it = body.find("messages");
  if (it == body.end() || !it->is_array() || it->size() != 2) return void(out.emplace_back("not two messages"));
  if (text_of((*it)[0], "role") != "system" || text_of((*it)[1], "role") != "user")
    out.emplace_back("the messages are not one system and one user");
  asked.system = text_of((*it)[0], "content");
  asked.user = text_of((*it)[1], "content");
  if (asked.user.find("json") == std::string::npos) out.emplace_back("the user message does not say json");
}

void check_format(const Json& body, const ModelManners& manners, AskedModel& asked, ModelRequest& out) {
  auto it = body.find("response_format");
  if (it == body.end()) return;
  asked.format = text_of(*it, "type");
  if (asked.format == "json_schema") {
    auto schema = it->value("json_schema", Json::object());
    asked.schema = text_of(schema, "name");
    if (!schema.value("strict", false)) out.violations.emplace_back("the schema is not strict");
    SchemaRules(out.violations).check(schema.value("schema", Json::object()));
  }
  bool refused = (asked.format == "json_schema" && !manners.takes_schema) ||
                 (asked.format == "json_object" && !manners.takes_object);
  if (refused)
    out.refusal =
        model_error(400, "'response_format.type' must be 'text'", "invalid_request_error", "", "response_format");
}

void check_limit(const Json& body, const ModelManners& manners, AskedModel& asked, ModelRequest& out) {
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    if (!body.contains(name)) continue;
    if (!asked.limit_name.empty()) out.violations.emplace_back("two output limits");
    asked.limit_name = name;
    asked.limit = body[name].is_number_integer() ? body[name].get<std::int64_t>() : 0;
  }
  if (asked.limit <= 0) out.violations.emplace_back("no output limit");
  if (!manners.limit_name.empty() && asked.limit_name != manners.limit_name)
    out.refusal =
        model_error(400, "Unsupported parameter: '" + asked.limit_name + "' is not supported with this model.",
                    "invalid_request_error", "unsupported_parameter", asked.limit_name);
}

}  // namespace

ModelRequest read_model_request(const Seen& seen, const ModelManners& manners) {
  static const std::set<std::string> kKnown = {"model",  "messages",       "max_tokens", "max_completion_tokens",
                                               "stream", "response_format"};
  ModelRequest out;
  check_transport(seen, manners, out);
  auto body = Json::parse(seen.body, nullptr, false);
  if (!body.is_object()) {
    out.violations.emplace_back("the body is not a JSON object");
    out.refusal = model_error(400, "We could not parse the JSON body of your request.");
    return out;
  }
  AskedModel asked;
  asked.model = text_of(body, "model");
  if (asked.model.empty()) out.violations.emplace_back("no model is named");
  for (const auto& [key, value] : body.items())
    if (!kKnown.contains(key)) out.violations.push_back("sends " + key);
  if (body.value("stream", false)) out.violations.emplace_back("asks for a stream");
  check_messages(body, asked, out.violations);
  check_format(body, manners, asked, out);
  check_limit(body, manners, asked, out);
  out.asked = std::move(asked);
  return out;
}

}  // namespace broadsheet::fakes
