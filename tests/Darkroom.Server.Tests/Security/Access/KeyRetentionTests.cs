using Darkroom.Server.Security.Access;
using Darkroom.Server.Security.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Server.Tests.Security.Access;

/// <summary>What keys say of how long their owners' pictures are kept.</summary>
public sealed class KeyRetentionTests
{
    [Fact]
    public async Task Keys_that_name_a_time_have_it_by_the_id_that_their_jobs_are_marked_with()
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-keys-").FullName;
        try
        {
            var store = new FileKeyStore(FileKeyStore.PathIn(folder), TimeProvider.System, NullLogger.Instance);
            var retention = new KeyRetention(store);
            Assert.Empty(await retention.OwnAsync(TestContext.Current.CancellationToken));
            var brief = Key("brief") with { Limits = new(RetentionHours: 0.5) };
            Assert.True(await store.AddAsync(brief, TestContext.Current.CancellationToken));
            Assert.True(await store.AddAsync(Key("usual"), TestContext.Current.CancellationToken));
            var own = await retention.OwnAsync(TestContext.Current.CancellationToken);
            Assert.Equal([(Caller.Of(brief).Id, TimeSpan.FromMinutes(30))], own.Select(one => (one.Key, one.Value)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ApiKey Key(string name) => new(
        name + "-id", name, KeyScopes.Usual, KeyHash.Of("text of " + name + new string('x', 30)), TimeProvider.System.GetUtcNow());
}
