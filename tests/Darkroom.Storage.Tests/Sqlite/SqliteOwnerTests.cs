using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>One process at a time.</summary>
public sealed class SqliteOwnerTests
{
    [Fact]
    public void Second_server_on_the_same_data_refuses_to_start_with_a_sentence_and_may_when_the_first_is_gone()
    {
        using var folder = new DataFolder();
        using (SqliteJobStore.Open(folder.Path, TimeProvider.System))
        {
            var refused = Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Path, TimeProvider.System));
            Assert.Equal(StoreFault.InUse, refused.Fault);
            Assert.Contains("Darkroom:DataPath", refused.Message);
            Assert.DoesNotContain(folder.Path, refused.Message);
        }
        SqliteJobStore.Open(folder.Path, TimeProvider.System).Dispose();
    }

    [Fact]
    public void Folder_that_cannot_be_made_is_said_so()
    {
        using var folder = new DataFolder();
        File.WriteAllText(folder.Database, ""); // a file where the folder should be
        Assert.Equal(StoreFault.Unavailable, Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Database, TimeProvider.System)).Fault);
    }

    [Fact]
    public async Task Closed_store_says_so()
    {
        using var folder = new DataFolder();
        var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        store.Dispose();
        store.Dispose();
        Assert.Equal(StoreFault.Unavailable, (await Assert.ThrowsAsync<StoreException>(
            async () => await store.SetPausedAsync(true, TestContext.Current.CancellationToken))).Fault);
    }
}
