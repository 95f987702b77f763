#include "schema_check.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>

namespace broadsheet::present {
namespace {

using Json = nlohmann::json;

class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  void check(const Json& schema, const Json& value, const std::string& at) {
    static const std::set<std::string> kKnown = {
        "$schema", "$defs", "$ref",  "title",   "description", "type", "required", "properties", "additionalProperties",
        "items",   "enum",  "const", "pattern", "minimum"};
    for (const auto& [keyword, unused] : schema.items())
      if (!kKnown.contains(keyword)) throw std::invalid_argument("unknown keyword " + keyword);
    if (schema.contains("$ref"))
      check(root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), value, at);
    if (schema.contains("const") && value != schema["const"]) wrong(at, "is not the constant");
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
      wrong(at, "is none of the values");
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) wrong(at, "is too small");
    if (schema.contains("pattern") && value.is_string() &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
      wrong(at, "does not match");
    if (schema.contains("type") && !has_type(value, schema["type"])) return wrong(at, "has the wrong type");
    if (value.is_object()) check_object(schema, value, at);
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i) check(schema["items"], value[i], at + "/" + std::to_string(i));
  }

  std::vector<std::string> out;

 private:
  void wrong(const std::string& at, const std::string& what) { out.push_back(at + " " + what); }

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
  }

  void check_object(const Json& schema, const Json& value, const std::string& at) {
    for (const auto& name : schema.value("required", Json::array()))
      if (!value.contains(name.get<std::string>())) wrong(at, "lacks " + name.get<std::string>());
    auto properties = schema.value("properties", Json::object());
    for (const auto& [name, one] : value.items()) {
      auto place = at + "/" + name;
      if (properties.contains(name))
        check(properties[name], one, place);
      else if (auto more = schema.find("additionalProperties"); more != schema.end() && more->is_object())
        check(*more, one, place);
      else if (more != schema.end() && *more == false)
        wrong(place, "is not in the schema");
    }
  }

  const Json& root_;
};

}  // namespace

std::vector<std::string> misfits(const nlohmann::json& schema, const nlohmann::json& value) {
  Checker checker(schema);
  checker.check(schema, value, "");
  return checker.out;
}

}  // namespace broadsheet::present
