// Matrix keeps the contract of the seam.
#include "tests/unit/platform/conformance.hpp"

#include <nlohmann/json.hpp>

#include "tests/unit/matrix/harness.hpp"

namespace broadsheet::adapters {
namespace {

struct MatrixHarness {
  matrix::Rig rig;

  boost::asio::io_context& io() { return rig.io; }
  Platform& platform() { return rig.bot(); }
  static model::Target target() { return matrix::Rig::room(); }
  static model::Target unknown() { return matrix::Rig::room("!elsewhere:example.org"); }
  // What a client shows: edits in the place of what they edit.
  std::vector<std::string> visible() {
    std::vector<std::string> ids = rig.server.sent_ids(matrix::kRoom), contents = rig.server.sent(matrix::kRoom);
    std::vector<std::pair<std::string, std::string>> shown;
    for (std::size_t i = 0; i < contents.size(); ++i) {
      auto content = nlohmann::json::parse(contents[i]);
      if (!content.contains("m.new_content")) {
        shown.emplace_back(ids.at(i), content["body"].get<std::string>());
        continue;
      }
      for (auto& [id, body] : shown)
        if (content["m.relates_to"]["event_id"] == id) body = content["m.new_content"]["body"].get<std::string>();
    }
    std::vector<std::string> out;
    for (auto& [id, body] : shown) out.push_back(std::move(body));
    return out;
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(Matrix, PlatformConformance, testing::Types<MatrixHarness>);

}  // namespace
}  // namespace broadsheet::adapters
