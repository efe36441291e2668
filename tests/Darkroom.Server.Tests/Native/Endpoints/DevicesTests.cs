using System.Text.Json.Nodes;
using Darkroom.Engine.Devices;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Devices as they are told, and loading at a process that has none.</summary>
public sealed class DevicesTests
{
    [Fact]
    public async Task Everything_that_is_known_of_a_device_is_told_and_nothing_else()
    {
        var board = new Board(
            new()
            {
                Index = 1, Kind = "cuda", Id = 3, Name = "A GPU", State = DeviceState.GivenUp, Threads = 1, MaxBatch = 8,
                WeightLimitBytes = 100, WeightBytes = 60, TellsEnergy = true, Memory = new(9, 8, 7, 6),
                Models = [new("m", 60, true, 1.23456, ["unet"])], Calls = [new("m", "denoiser", 2, 0.5, 0.25)],
                BatchLimits = [new("m", "decoder", 64, 32, 4)],
            },
            new() { Worker = "w", Index = 0, Kind = "cpu", Id = 0, Name = "A processor", Threads = 4, MaxBatch = 8 });
        await using var server = await RunningServer.StartAsync(services => services.AddSingleton<IDeviceBoard>(board));
        var data = JsonNode.Parse(await server.Client.GetStringAsync("/v1/devices"))!["data"]!.AsArray();
        Assert.Equal(
            """{"index":1,"kind":"cuda","id":3,"name":"A GPU","state":"given_up","threads":1,"max_batch":8,"tells_energy":true""" +
            ""","memory":{"weights":60,"weights_limit":100,"process":{"limit":9,"weights":8,"calls":7,"calls_limit":6}}""" +
            ""","models":[{"id":"m","bytes":60,"in_use":true,"idle_seconds":1.235,"parts":["unet"]}]""" +
            ""","calls":[{"model":"m","stage":"denoiser","rows":2,"seconds":0.5,"estimated_seconds":0.25}]""" +
            ""","batch_limits":[{"model":"m","stage":"decoder","width":64,"height":32,"evaluations":4}]}""", data[0]!.ToJsonString());
        Assert.Equal(
            """{"worker":"w","index":0,"kind":"cpu","id":0,"name":"A processor","state":"unknown","threads":4,"max_batch":8,"memory":{}""" +
            ""","models":[],"calls":[],"batch_limits":[]}""", data[1]!.ToJsonString());
    }

    [Fact]
    public async Task Process_without_models_says_that_workers_load_by_themselves()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var verb in new[] { "load", "unload" })
        {
            using var answer = await server.Client.PostAsync($"/v1/models/{server.Models.All[0].Id}/{verb}", null);
            var problem = await answer.ProblemAsync(409, "no_models_here");
            Assert.Contains("Workers", (string)problem["detail"]!);
            using var unknown = await server.Client.PostAsync($"/v1/models/none/{verb}", null);
            await unknown.ProblemAsync(404, "model_not_found");
        }
    }

    [Fact]
    public async Task To_load_is_for_administrators_and_to_look_for_all_who_read()
    {
        var keys = new TestKeys();
        var (reader, admin) = (await keys.AddAsync("reader"), await keys.AddAsync("admin", KeyScope.Admin));
        await using var server = await RunningServer.StartAsync(services => services.AddSingleton<IDeviceBoard>(new Board()), null, keys.Setting);
        using var refused = await server.AskAsync(HttpMethod.Post, "/v1/models/none/load", reader);
        await refused.ProblemAsync(403, "forbidden_scope");
        using var unknown = await server.AskAsync(HttpMethod.Post, "/v1/models/none/load", admin);
        await unknown.ProblemAsync(404, "model_not_found");
        using var devices = await server.GetAsync("/v1/devices", reader);
        Assert.Equal("""{"data":[],"object":"list"}""", await devices.Content.ReadAsStringAsync());
    }

    private sealed class Board(params DeviceReport[] reports) : IDeviceBoard
    {
        public ValueTask<IReadOnlyList<DeviceReport>> LookAsync(CancellationToken cancellation) => new(reports);
    }
}
