using Darkroom.Storage.Postgres;
using Darkroom.TestKit.Databases;
using Npgsql;

namespace Darkroom.Storage.Tests.Postgres;

/// <summary>Secrets that every process on a database has.</summary>
public sealed class SharedSecretTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_processes_get_the_one_that_was_made_first_after_a_restart_too()
    {
        await using (var connection = new NpgsqlConnection(PostgresServer.Shared.ConnectionString(null)))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand("CREATE SCHEMA shared_secrets", connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
        byte[] first;
        await using (PostgresJobStore one = await OpenAsync(), other = await OpenAsync())
        {
            byte[][] got = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : other).Secrets.GetAsync("a", Cancellation).AsTask()));
            first = got[0];
            Assert.Equal(32, first.Length);
            Assert.All(got, secret => Assert.Equal(first, secret));
            Assert.NotEqual(first, await other.Secrets.GetAsync("b", Cancellation));
        }
        await using var later = await OpenAsync();
        Assert.Equal(first, await later.Secrets.GetAsync("a", Cancellation));
    }

    private static Task<PostgresJobStore> OpenAsync() => PostgresJobStore.OpenAsync(
        new PostgresOptions { ConnectionString = PostgresServer.Shared.ConnectionString("shared_secrets") }, TimeProvider.System, Cancellation);
}
