using System.Diagnostics;
using System.Xml.Linq;
using Darkroom.TestKit;
using Darkroom.TestKit.Docker;

namespace Darkroom.EndToEnd.Deployment;

/// <summary>What the Dockerfile says is right before anybody builds it.</summary>
public sealed class DockerfileTests
{
    private static readonly Dockerfile File = Dockerfile.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")));
    private static readonly BuildContext Context = new(Repository.Root);

    public static TheoryData<string> Images => ["cpu", "cuda"];

    [Fact]
    public void The_usual_image_is_the_one_without_a_GPU() => Assert.Equal("cpu", File.Stages[^1].Name);

    [Fact]
    public void Everything_that_is_copied_is_there_and_is_sent_to_the_builder()
    {
        Assert.All(File.Stages.SelectMany(stage => stage.All("COPY")).Where(copy => !copy.Flags.ContainsKey("from")), copy =>
            Assert.All(copy.Sources, source => Assert.True(Context.Find(source).Count > 0, $"COPY {copy.Text}: {source}")));
        Assert.DoesNotContain(Context.Files, file =>
            file.Split('/') is var parts && (parts.Contains("bin") || parts.Contains("obj") || parts[0] is "tests" or "docs" or "data" or ".git"));
        Assert.Contains("models/starter/unet/model.onnx", Context.Files);
    }

    [Fact]
    public void Packages_are_restored_from_all_that_decides_about_them_and_nothing_else()
    {
        var copied = File["sources"].All("COPY").SelectMany(copy => copy.Sources).SelectMany(Context.Find).Select(found => found.File).Order().ToList();
        var decides = Context.Files.Where(file => Path.GetFileName(file) is "global.json" or ['D', 'i', 'r', 'e', 'c', 't', 'o', 'r', 'y', '.', ..]
            || file.EndsWith(".csproj", StringComparison.Ordinal) || file.EndsWith(".lock.json", StringComparison.Ordinal))
            .Where(static file => !file.Contains("/Darkroom.Aspire.Hosting/", StringComparison.Ordinal)) // no part of the server
            .Order();
        Assert.Equal(decides, copied);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_holds_no_SDK_and_only_what_a_stage_before_made(string image)
    {
        var stage = File[image];
        Assert.DoesNotContain("sdk", stage.Base);
        Assert.DoesNotContain(File.Stages, other => other.Name == stage.Base);
        Assert.All(stage.All("COPY"), copy => Assert.Equal("build-" + image, copy.Flags["from"]));
        Assert.Empty(stage.All("ADD"));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void It_runs_as_nobody_in_the_form_that_needs_no_shell_and_ends_by_SIGTERM(string image)
    {
        var stage = File[image];
        string[] user = stage.The("USER").Text.Split(':');
        Assert.Equal(2, user.Length);
        Assert.All(user, number => Assert.True(int.Parse(number) >= 10_000));
        Assert.Equal(["/app/Darkroom.Server"], stage.The("ENTRYPOINT").Exec);
        Assert.Equal("SIGTERM", stage.The("STOPSIGNAL").Text);
        Assert.Empty(stage.All("CMD"));
        var data = stage.All("COPY").Single(copy => copy.Target.TrimEnd('/') == stage.Environment["Darkroom__DataPath"]);
        Assert.Equal(stage.The("USER").Text, data.Flags["chown"]);
        Assert.Equal([stage.Environment["Darkroom__DataPath"]], stage.The("VOLUME").Exec);
        Assert.Contains(stage.All("COPY"), copy => copy.Target.TrimEnd('/') == stage.Environment["Darkroom__ModelsPath"]);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Its_check_is_a_command_of_the_program(string image)
    {
        var check = File[image].The("HEALTHCHECK").Check!;
        Assert.Equal("/app/Darkroom.Server", check[0]);
        var help = await ServerProgram.RunAsync([.. check.Skip(1), "--help"]);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("Asks the running server whether it is ready", help.Output);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Its_environment_is_of_settings_that_there_are(string image)
    {
        var start = ServerProgram.Start("keys", "list", "--data-path", Path.GetTempPath());
        foreach (var (name, value) in File[image].Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error); // 78 and a sentence for a setting that is none
        Assert.Equal("true", File[image].Environment["Darkroom__FirstKey"]);
        Assert.Equal($"http://*:{File[image].The("EXPOSE").Text}", File[image].Environment["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void The_two_images_differ_in_the_device_alone()
    {
        var (cpu, cuda) = (File["cpu"], File["cuda"]);
        Assert.Equal(cpu.Environment.Append(new("Darkroom__Engine__Device", "cuda")).Order(Pairs), cuda.Environment.Order(Pairs));
        foreach (string keyword in (string[])["USER", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT"])
            Assert.Equal((keyword, cpu.The(keyword).Text), (keyword, cuda.The(keyword).Text));
        Assert.Equal(Build("cpu"), Build("cuda").Select(line => line.Replace(" -p:OnnxRuntime=Gpu", "", StringComparison.Ordinal)));

        static IEnumerable<string> Build(string image) => File["build-" + image].Instructions.Where(one => one.Keyword is not "ARG")
            .Select(one => one.Text.Replace("$TARGETARCH", "amd64", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Its_labels_say_what_the_build_says(string image)
    {
        var labels = File[image].All("LABEL").SelectMany(one => one.Pairs).ToDictionary(pair => pair.Name, pair => pair.Value);
        string version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;
        Assert.Equal((version, "MIT"), (labels["org.opencontainers.image.version"], labels["org.opencontainers.image.licenses"]));
    }

    [Fact]
    public async Task A_linter_of_Dockerfiles_finds_nothing()
    {
        Assert.SkipUnless(NodeRuntime.Has("dockerfile-utils"), "The linter is not installed: ./test restore does it.");
        var start = new ProcessStartInfo(NodeRuntime.Program, [Path.Combine(NodeRuntime.Folder, "dockerfile.js"), Path.Combine(Repository.Root, "Dockerfile")])
            { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string findings = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, findings));
    }

    private static Comparer<KeyValuePair<string, string>> Pairs => Comparer<KeyValuePair<string, string>>.Create(
        (one, other) => string.CompareOrdinal(one.Key, other.Key));
}
