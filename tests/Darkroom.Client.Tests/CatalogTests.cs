namespace Darkroom.Client.Tests;

/// <summary>What a server has, and how it is.</summary>
public sealed class CatalogTests(TestServer server)
{
    [Fact]
    public async Task Lists_are_read()
    {
        var client = server.Client;
        var model = Assert.Single(await client.ListModelsAsync(), model => model.Id == "starter");
        Assert.Contains(GenerationTask.Inpaint, model.Tasks);
        Assert.Contains(SamplerName.EulerAncestral, model.Samplers);
        Assert.Equal(20, model.Defaults!.Value.GetProperty("steps").GetInt32());
        Assert.Equal("starter", (await client.GetModelAsync("starter")).Id);
        Assert.Equal(ProblemTypes.ModelNotFound, (await Assert.ThrowsAsync<DarkroomException>(() => client.GetModelAsync("a b/c"))).ProblemType);
        Assert.Contains(await client.ListSamplersAsync(), sampler => sampler.Name == SamplerName.Ddim && sampler.Schedules.Count > 0);
        Assert.Contains(await client.ListSchedulesAsync(), schedule => schedule.Name == ScheduleName.Karras);
        Assert.NotEmpty(await client.ListUpscalersAsync());
        Assert.Empty(await client.ListControlNetsAsync());
        Assert.Empty(await client.ListLorasAsync());
        Assert.Empty(await client.ListEmbeddingsAsync());
        Assert.Empty(await client.ListVaesAsync());

        var read = await client.ReadPromptAsync(new Img2ImgRequest { Prompt = "a (red:1.5) circle BREAK blue", Steps = 4, Strength = 0.5 });
        Assert.Equal(("starter", PromptStyle.Weighted, 4), (read.Model, read.PromptStyle, read.Steps));
        Assert.Contains(read.Prompt!.Parts[0].Ranges[0].Pieces, piece => piece is { Text: "red", Weight: 1.5 });
        Assert.Null(read.NegativePrompt);
    }

    [Fact]
    public async Task A_server_tells_how_it_is()
    {
        var client = server.Client;
        Assert.True((await client.GetReadinessAsync()).IsReady);
        Assert.Equal("Darkroom", (await client.GetVersionAsync()).Name);
        Assert.Equal("all", (await client.GetStatsAsync()).Role);
        Assert.Single(await client.ListDevicesAsync());
        await client.GenerateAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 1 });
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        Assert.True((await client.GetUsageAsync(today.AddDays(-1), today)).Total.Pictures >= 1);
        Assert.Equal("starter", (await client.LoadModelAsync("starter", device: 0)).Id);
        var level = await client.GetLogLevelAsync();
        await client.SetLogLevelAsync("warning");
        Assert.Equal("warning", await client.GetLogLevelAsync());
        await client.SetLogLevelAsync(level);
    }
}
