using Darkroom.Engine;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;
using Darkroom.Storage.S3;
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
        Assert.Equal(
            new DeviceSpec { BudgetBytes = DeviceSpec.DefaultBudget("cpu"), MaxPartBytes = MemoryLimits.OfProcess.NativeBytes },
            Assert.Single(settings.Engine.Devices));
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DrainTimeout);
        Assert.Null(settings.DefaultModel);
    }

    [Fact]
    public void Paths_stand_under_home_unless_they_are_absolute()
    {
        var settings = Read(("ModelsPath", "../shared/models"), ("DataPath", "/var/lib/darkroom"));
        Assert.Equal(("/shared/models", "/var/lib/darkroom"), (settings.ModelsPath, settings.DataPath));
    }

    [Fact]
    public void File_of_styles_has_to_be_one()
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-styles-").FullName, file = Path.Combine(folder, "mine.csv");
        Assert.Null(Read().StylesPath);
        Assert.Equal("/home/mine.csv", Read(("Automatic1111:Styles", "mine.csv")).StylesPath);
        foreach (var (path, fault) in ((string, string)[])[(folder, "that is a folder"), (file, "there is none")])
        {
            var wrong = Assert.Throws<SettingsException>(() => Start(path));
            Assert.Contains($"Darkroom:Automatic1111:Styles is {path}, and must be a file: {fault}.", wrong.Message);
        }
        File.WriteAllText(file, "none of it"); // what is wrong within it is a warning
        Assert.Equal(file, Start(file).StylesPath);
        Directory.Delete(folder, recursive: true);

        DarkroomSettings Start(string path) => StartChecks.Run(
            new ConfigurationBuilder().AddInMemoryCollection([new("Darkroom:Automatic1111:Styles", path)]).Build(), folder);
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
    public void An_object_store_is_read_with_its_keys_from_files_too()
    {
        Assert.Equal((ArtifactKind.Files, null), (Read().Artifacts, Read().S3));
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "secret-canary\n");
        var settings = Read(
            ("Artifacts", "S3"), ("S3:Endpoint", "http://127.0.0.1:9000"), ("S3:Bucket", "pictures"), ("S3:AccessKey", "someone"), ("S3:SecretKey_FILE", file));
        var expected = new S3Options
        {
            Endpoint = new("http://127.0.0.1:9000"), Bucket = "pictures", Region = "us-east-1", AccessKey = "someone", SecretKey = "secret-canary",
        };
        Assert.Equal((ArtifactKind.S3, expected), (settings.Artifacts, settings.S3));
        Assert.DoesNotContain("canary", settings.ToString(), StringComparison.Ordinal);
        Assert.Equal("eu-west-1", Read(("S3:Bucket", "pictures"), ("S3:Region", "eu-west-1")).S3!.Region);
        File.Delete(file);
    }

    [Theory]
    [InlineData("Darkroom:S3:Bucket is missing: pictures are to be kept in a bucket (Darkroom:Artifacts is s3).", "Artifacts=s3")]
    [InlineData("Darkroom:S3:Bucket is 'My Bucket', and must have 3…63 lower-case letters, digits, dots and hyphens.", "S3:Bucket=My Bucket")]
    [InlineData("Darkroom:S3:Endpoint must be an address such as https://s3.example.org, without a name or password.", "S3:Endpoint=nowhere")]
    [InlineData("Darkroom:S3:Endpoint must be an address such as https://s3.example.org, without a name or password.", "S3:Endpoint=http://me:canary@x")]
    [InlineData("Darkroom:S3:SecretKey is missing: the two keys of an object store are given both or not at all.", "S3:AccessKey=canary")]
    [InlineData("Darkroom:S3:AccessKey is missing: the two keys of an object store are given both or not at all.", "S3:SecretKey=canary")]
    [InlineData("Darkroom:S3:SecretKey must have no spaces.", "S3:SecretKey=canary bird", "S3:AccessKey=someone")]
    [InlineData("Darkroom:S3:SecretKey_FILE is '/nowhere/key', and that file cannot be read.", "S3:SecretKey_FILE=/nowhere/key", "S3:AccessKey=someone")]
    [InlineData("Darkroom:Artifacts is 'minio', and must be one of: files, s3.", "Artifacts=minio")]
    [InlineData("Darkroom:S3:Buckets is no setting. Did you mean Darkroom:S3:Bucket?", "S3:Buckets=a")]
    public void What_is_wrong_with_an_object_store_is_told_in_a_sentence_without_its_keys(string sentence, params string[] settings)
    {
        var fault = Assert.Throws<SettingsException>(() => Read([.. settings.Select(one => (one[..one.IndexOf('=')], one[(one.IndexOf('=') + 1)..]))]));
        Assert.Equal(sentence, fault.Message);
    }

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
    public void Every_GPU_is_asked_for_what_the_settings_say()
    {
        var usual = Read(("Engine:Device", "cuda:0,cuda:1")).Engine.Devices;
        Assert.All(usual, device => Assert.Equal(new CudaOptions(), device.Options));
        var devices = Read(
            ("Engine:Device", "cuda:0,cuda:1"), ("Engine:Cuda:ArenaMiB", "2048"), ("Engine:Cuda:ArenaGrowth", "doubling"),
            ("Engine:Cuda:ConvolutionSearch", "exhaustive"), ("Engine:Cuda:ConvolutionWorkspace", "false"), ("Engine:Cuda:FuseConvolutionBias", "true"),
            ("Engine:Cuda:PreferNhwc", "true"), ("Engine:Cuda:Tf32", "false"), ("Engine:Cuda:Graphs", "4")).Engine.Devices;
        Assert.All(devices, device => Assert.Equal(
            new CudaOptions
            {
                ArenaBytes = 2L << 30, ArenaGrowth = ArenaGrowth.Doubling, ConvolutionSearch = ConvolutionSearch.Exhaustive, ConvolutionWorkspace = false,
                FuseConvolutionBias = true, PreferNhwc = true, Tf32 = false, Graphs = 4,
            },
            device.Sessions.Cuda));
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
