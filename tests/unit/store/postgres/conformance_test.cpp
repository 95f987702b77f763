// The PostgreSQL engine passes what every engine must.
#include "../conformance.hpp"

#include "../delivery_conformance.hpp"
#include "../folder.hpp"
#include "server.hpp"

namespace broadsheet::store {
namespace {

// Without a server nothing here is run, and TestServer says so.
class NeedsServer final : public testing::Environment {
  void SetUp() override {
    if (TestServer::instance() == nullptr) GTEST_SKIP() << "no PostgreSQL server";
  }
};
const auto* const kNeedsServer = testing::AddGlobalTestEnvironment(new NeedsServer);

}  // namespace

struct OnPostgres {
  TemporaryFolder folder;
  std::unique_ptr<Store> open() {
    auto store = open_store({.data_dir = folder.path, .url = TestServer::instance()->new_database()});
    if (!store) ADD_FAILURE() << store.error().what();
    return *std::move(store);
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, StoreConformance, OnPostgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, DeliveryConformance, OnPostgres);

}  // namespace broadsheet::store
