using Darkroom.Engine;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;
using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Silence_means_the_defaults()
    {
        var settings = Read();
        Assert.Equal(("/home/models", "/home/data"), (settings.ModelsPath, settings.DataPath));
        Assert.Equal(SchedulingTarget.Balanced, settings.Engine.Target);
        IReadOnlyList<DeviceSpec> none = [];
        Assert.Equal(new EngineOptions { Devices = none }, settings.Engine with { Devices = none });
        Assert.Equal(new DeviceSpec { BudgetBytes = DeviceSpec.DefaultBudget("cpu") }, Assert.Single(settings.Engine.Devices));
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DrainTimeout);
        Assert.Null(settings.DefaultModel);
    }

    [Fact]
    public void Paths_stand_under_home_unless_they_are_absolute()
    {
        var settings = Read(("ModelsPath", "../shared/models"), ("DataPath", "/var/lib/darkroom"));
        Assert.Equal(("/shared/models", "/var/lib/darkroom"), (settings.ModelsPath, settings.DataPath));
    }

    [Theory]
    [InlineData("Engine:MaxBatch", "0", "Darkroom:Engine:MaxBatch is '0', and must be a whole number of 1…64.")]
    [InlineData("Engine:MaxQueued", "many", "Darkroom:Engine:MaxQueued is 'many', and must be a whole number of 1…100000.")]
    [InlineData("Engine:Target", "fast", "Darkroom:Engine:Target is 'fast', and must be one of: latency, balanced, throughput.")]
    [InlineData("DrainTimeout", "-1", "Darkroom:DrainTimeout is '-1', and must be a number of 0…3600.")]
    [InlineData("ModelPath", "x", "Darkroom:ModelPath is no setting. Did you mean Darkroom:ModelsPath?")]
    public void A_wrong_setting_is_told_in_a_sentence(string key, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SettingsException>(() => Read((key, value))).Message);

    [Fact]
    public void Several_devices_stand_with_commas_between_them()
    {
        var gpus = Read(("Engine:Device", "cuda:0, cuda:3"), ("Engine:ModelMemoryMiB", "20000")).Engine.Devices;
        Assert.Equal([("cuda", 0, 20_000L << 20), ("cuda", 3, 20_000L << 20)], gpus.Select(spec => (spec.Kind, spec.Id, spec.BudgetBytes)));
        var cpus = Read(("Engine:Device", "cpu,cpu")).Engine.Devices;
        Assert.Equal(2, cpus.Count);
        Assert.All(cpus, spec => Assert.Equal(
            (Math.Max(1, Environment.ProcessorCount / 2), DeviceSpec.DefaultBudget("cpu") / 2), (spec.Threads, spec.BudgetBytes)));
    }

    [Fact]
    public void Origins_of_pages_stand_with_commas_between_them()
    {
        Assert.Empty(Read().CorsOrigins);
        Assert.Empty(Read(("Cors:Origins", "")).CorsOrigins);
        Assert.Equal(
            ["http://localhost:3000", "https://example.org", "*"],
            Read(("Cors:Origins", "http://localhost:3000, HTTPS://Example.org/ ,*")).CorsOrigins);
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("https://example.org/page")]
    [InlineData("https://example.org,file:///x")]
    [InlineData("https://user@example.org")]
    public void Origins_that_are_none_are_told(string origins) => Assert.Equal(
        $"Darkroom:Cors:Origins is '{origins}', and must be origins such as https://example.org with commas between, or *.",
        Assert.Throws<SettingsException>(() => Read(("Cors:Origins", origins))).Message);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:1,cuda:1")]
    [InlineData("cpu:1")]
    public void Devices_that_are_none_are_told(string device) =>
        Assert.StartsWith(
            $"Darkroom:Engine:Device is '{device}', and must be cpu, cuda", Assert.Throws<SettingsException>(() => Read(("Engine:Device", device))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Home_is_the_nearest_folder_above_with_the_settings_file()
    {
        var root = Directory.CreateTempSubdirectory("darkroom").FullName;
        var program = Directory.CreateDirectory(Path.Combine(root, "src", "bin", "Debug")).FullName;
        Assert.Equal(program, Home.Find(program));
        File.WriteAllText(Path.Combine(root, "appsettings.json"), "{}");
        Assert.Equal(root, Home.Find(program));
    }

    [Fact]
    public void Paths_on_a_command_line_stand_under_the_callers_folder()
    {
        var values = CommandLineSettings.Read(["--Darkroom:ModelsPath=here", "--Darkroom:Engine:MaxBatch", "4"], ["serve"]);
        Assert.Equal(Path.GetFullPath("here"), values["Darkroom:ModelsPath"]);
        Assert.Equal("4", values["Darkroom:Engine:MaxBatch"]);
        Assert.Contains("Did you mean 'serve'?", Assert.Throws<UsageException>(() => CommandLineSettings.Read(["srve"], ["serve"])).Message);
        Assert.Throws<UsageException>(() => CommandLineSettings.Read(["--port=80"], []));
    }

    private static DarkroomSettings Read(params (string Key, string Value)[] values) => SettingsTable.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create("Darkroom:" + pair.Key, (string?)pair.Value))).Build(), "/home");
}
