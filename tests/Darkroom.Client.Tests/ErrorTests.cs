using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.Client.Tests;

/// <summary>What is wrong is told as it is.</summary>
public sealed class ErrorTests(TestServer server)
{
    [Fact]
    public async Task Every_fault_of_a_request_is_told_at_once()
    {
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GenerateAsync(
            new Txt2ImgRequest { Prompt = "a circle", Steps = 1000, GuidanceScale = -1, Sampler = "from_the_future" }));
        Assert.Equal((422, ProblemTypes.InvalidRequest), ((int)fault.Status, fault.ProblemType));
        Assert.Equal(["guidance_scale", "sampler", "steps"], fault.Faults.Select(one => one.Field).Order());
        var steps = fault.Faults.Single(one => one.Field == "steps");
        Assert.Equal((1000, "1…150"), (steps.Value?.GetInt32(), steps.Limit));
        Assert.Contains("steps", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.RequestId);
    }

    [Fact]
    public async Task A_form_has_the_same_faults()
    {
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GenerateAsync(
            new InpaintRequest { Prompt = "a circle", Image = TestServer.Canvas, Steps = 1000, Tiling = new("z") }));
        Assert.Equal(["mask", "steps", "tiling"], fault.Faults.Select(one => one.Field).Order());
        fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GenerateAsync(new UpscaleRequest()));
        Assert.Equal("image", Assert.Single(fault.Faults).Field);
        fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GenerateAsync(new UpscaleRequest { Image = new byte[] { 1, 2, 3 } }));
        Assert.Equal(400, (int)fault.Status);
    }

    [Fact]
    public async Task A_field_that_the_client_does_not_have_can_be_sent()
    {
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GenerateAsync(
            new Txt2ImgRequest { Prompt = "a circle", More = new Dictionary<string, JsonElement> { ["hologram"] = JsonElement.Parse("16") } }));
        Assert.Equal((ProblemTypes.InvalidRequest, "hologram"), (fault.ProblemType, Assert.Single(fault.Faults).Field));
    }

    [Fact]
    public async Task A_key_that_is_wrong_or_may_not_is_told()
    {
        await using var locked = await StartedServer.StartAsync(environment: [("Darkroom__ApiKey", "client-0123456789abcdef")]);
        using var right = server.NewClient(options => options.Read($"Endpoint={locked.Client.BaseAddress};Key=client-0123456789abcdef"));
        using var wrong = server.NewClient(options => options.Read($"Endpoint={locked.Client.BaseAddress};Key=another-0123456789abcdef"));
        using var none = server.NewClient(options => options.Read(locked.Client.BaseAddress!.ToString()));
        Assert.Equal("Darkroom", (await right.GetVersionAsync()).Name);
        foreach (var client in new[] { wrong, none })
        {
            var fault = await Assert.ThrowsAsync<DarkroomException>(() => client.GenerateAsync(new Txt2ImgRequest { Prompt = "a circle" }));
            Assert.Equal((401, ProblemTypes.Unauthorized), ((int)fault.Status, fault.ProblemType));
        }
        var scope = await Assert.ThrowsAsync<DarkroomException>(() => right.PauseQueueAsync());
        Assert.Equal((403, ProblemTypes.ForbiddenScope), ((int)scope.Status, scope.ProblemType));
        Assert.True((await none.GetReadinessAsync()).IsReady);
    }
}
