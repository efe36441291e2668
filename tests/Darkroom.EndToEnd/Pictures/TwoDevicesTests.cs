namespace Darkroom.EndToEnd.Pictures;

/// <summary>A server with two devices behind one queue, and room in each for little more than one model's parts.</summary>
public sealed class TwoDevicesServer : StarterServer
{
    internal override IReadOnlyList<(string Name, string Value)> Settings =>
        [("Darkroom__Engine__Device", "cpu,cpu"), ("Darkroom__Engine__ModelMemoryMiB", "64")];
}

public sealed class TwoDevicesTests(TwoDevicesServer two, StarterServer one) : IClassFixture<TwoDevicesServer>, IClassFixture<StarterServer>
{
    [Fact]
    public async Task Pictures_do_not_depend_on_the_device_that_made_them()
    {
        var bodies = Enumerable.Range(0, 10).Select(i => new Dictionary<string, object?>
        {
            ["prompt"] = $"red apple, 3d render, number {i}", ["seed"] = 50 + i, ["steps"] = 4 + i % 3, ["count"] = i % 4 == 0 ? 3 : 1,
            ["width"] = i % 2 == 0 ? 64 : 96,
        }).ToArray();
        var together = await Task.WhenAll(bodies.Select(body => two.PostAsync(body)));
        for (int i = 0; i < bodies.Length; i++)
            Assert.Equal((await one.PostAsync(bodies[i])).Pictures(), together[i].Pictures());
    }
}
