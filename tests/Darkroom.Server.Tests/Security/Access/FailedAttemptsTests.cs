using System.Globalization;
using Darkroom.Server.Security.Access;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security.Access;

public sealed class FailedAttemptsTests
{
    [Fact]
    public async Task Many_wrong_keys_of_an_address_are_429_and_the_right_one_is_taken_all_the_same()
    {
        var keys = new TestKeys();
        var key = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        for (var i = 0; i < FailedAttempts.Max; i++)
        {
            using var wrong = await server.GetAsync("/v1/samplers", $"dk_wrong{i}");
            Assert.Equal(401, (int)wrong.StatusCode);
        }
        using var tooMany = await server.GetAsync("/v1/samplers", "dk_wrong");
        await tooMany.ProblemAsync(429, "too_many_attempts");
        Assert.InRange(tooMany.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var right = await server.GetAsync("/v1/samplers", key);
        Assert.Equal(200, (int)right.StatusCode);
        using var none = await server.GetAsync("/v1/samplers", null);
        Assert.Equal(401, (int)none.StatusCode);
    }

    [Fact]
    public void An_address_goes_on_when_its_minute_is_over()
    {
        var clock = new Clock();
        var attempts = new FailedAttempts(clock);
        for (var i = 0; i < FailedAttempts.Max; i++) Assert.Null(attempts.Add("10.0.0.1"));
        clock.Now += TimeSpan.FromSeconds(40);
        Assert.Equal(TimeSpan.FromSeconds(20), attempts.Add("10.0.0.1"));
        Assert.Null(attempts.Add("10.0.0.2"));
        clock.Now += TimeSpan.FromSeconds(20);
        Assert.Null(attempts.Add("10.0.0.1"));
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_count_together()
    {
        var attempts = new FailedAttempts(new Clock());
        for (var i = 0; i < FailedAttempts.Max; i++) Assert.Null(attempts.Add($"2001:db8::{i + 1:x}"));
        Assert.NotNull(attempts.Add("2001:db8::ffff:1"));
        Assert.Null(attempts.Add("2001:db8:0:1::1"));
    }

    [Fact]
    public void The_table_is_bounded()
    {
        var attempts = new FailedAttempts(new Clock());
        for (var i = 0; i < 2 * FailedAttempts.MaxAddresses + 5; i++) attempts.Add(i.ToString(CultureInfo.InvariantCulture));
        Assert.InRange(attempts.Count, 1, FailedAttempts.MaxAddresses);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
