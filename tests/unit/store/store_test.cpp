#include "conformance.hpp"
#include "delivery_conformance.hpp"
#include "folder.hpp"

namespace broadsheet::store {
struct InMemory {
  std::unique_ptr<Store> open() { return *open_memory(); }
};
struct OnDisk {
  TemporaryFolder folder;
  std::unique_ptr<Store> open() { return *open_store({.data_dir = folder.path}); }
};
using Engines = testing::Types<InMemory, OnDisk>;
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StoreConformance, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DeliveryConformance, Engines);
}  // namespace broadsheet::store
