using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Problems;

/// <summary>A request that the managed heap has no room for.</summary>
public sealed class NoMemoryTests
{
    [Fact]
    public async Task Request_without_memory_is_a_503_that_may_be_sent_again_and_the_next_is_answered()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Throws = _ => new OutOfMemoryException();
        using var refused = await server.PostAsync("""{"prompt":"a fox"}""");
        await refused.ProblemAsync(503, "not_enough_memory");
        Assert.NotNull(refused.Headers.RetryAfter);
        server.Queue.Throws = null;
        using var answered = await server.PostAsync("""{"prompt":"a fox"}""");
        Assert.Equal(200, (int)answered.StatusCode);
    }
}
