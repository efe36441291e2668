using System.Net;
using System.Net.Sockets;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Commands;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Commands;

public sealed class CommandTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("darkroom").FullName;
    private readonly ScriptedModels _models = new();
    private readonly ScriptedArtifacts _artifacts = new();
    private readonly StringConsole _console = new();
    private readonly ScriptedQueue _queue;

    public CommandTests() => _queue = new(_artifacts);

    [Fact]
    public async Task Generate_writes_the_picture_and_asks_what_the_options_say()
    {
        var file = Path.Combine(_folder, "fox.webp");
        var code = await RunAsync("generate", "a fox", "--output", file, "--seed", "42", "--steps", "7", "--sampler", "euler", "--schedule", "karras",
            "--guidance", "3.5", "--size", "96x64", "--negative", "blur", "--model", "starter");
        Assert.True(code == 0, _console.Errors);
        Assert.Equal("picture 0 of seed 42", await File.ReadAllTextAsync(file));
        var asked = _queue.Asked.Single();
        Assert.Equal(("a fox", "blur", 42L, 7, "euler", "karras"), (asked.Prompt, asked.NegativePrompt, asked.Seed, asked.Steps, asked.Sampler, asked.Schedule));
        Assert.Equal((3.5, 96, 64, Imaging.PictureFormat.Webp), (asked.GuidanceScale, asked.Width, asked.Height, asked.Format));
        Assert.Contains("seed 42", _console.Results);
        Assert.Contains("7/7", _console.Errors);
    }

    [Fact]
    public async Task Generate_numbers_the_files_of_several_pictures()
    {
        Assert.Equal(0, await RunAsync("generate", "a fox", "-o", Path.Combine(_folder, "fox.png"), "--seed", "5", "--count", "2"));
        Assert.Equal("picture 1 of seed 5", await File.ReadAllTextAsync(Path.Combine(_folder, "fox-2.png")));
    }

    [Fact]
    public async Task Generate_says_every_fault()
    {
        Assert.Equal(1, await RunAsync("generate", "a fox", "--steps", "0", "--size", "65x64"));
        Assert.Contains("steps: steps must be 1…150. (1…150)", _console.Errors);
        Assert.Contains("width: width must be 16…96, multiple of 16", _console.Errors);
        Assert.Equal(1, await RunAsync("generate", "a fox", "--size", "big"));
        Assert.Contains("--size is 'big'", _console.Errors);
        Assert.Equal(1, await RunAsync("generate", "a fox", "--output", "fox.gif"));
        Assert.Contains("'.gif' is no format", _console.Errors);
        _queue.Failure = new(JobFailureKind.NonFinite, "The output was not finite.");
        Assert.Equal(1, await RunAsync("generate", "a fox"));
        Assert.Contains("The output was not finite.", _console.Errors);
    }

    [Fact]
    public async Task Info_shows_how_a_picture_was_made()
    {
        var file = Path.Combine(_folder, "made.png");
        await File.WriteAllBytesAsync(file, TestPictures.Of(8, 8, parameters: "a fox\nSteps: 20, Sampler: DDIM, Seed: 5"));
        Assert.Equal(0, await RunAsync("info", file));
        Assert.Contains("Steps: 20, Sampler: DDIM, Seed: 5", _console.Results);

        await File.WriteAllBytesAsync(file, TestPictures.Of(8, 8));
        Assert.Equal(1, await RunAsync("info", file));
        Assert.Contains("says nothing of how it was made", _console.Errors);
        await File.WriteAllTextAsync(file, "a fox");
        Assert.Equal(1, await RunAsync("info", file));
        Assert.Contains("Not a PNG, JPEG or WebP file.", _console.Errors);
        Assert.Equal(1, await RunAsync("info", Path.Combine(_folder, "nothing.png")));
        Assert.Contains("nothing.png", _console.Errors);
    }

    [Fact]
    public async Task Models_is_a_table()
    {
        _models.Models.Add(new() { Id = "broken", Title = "Broken", Fault = "unet/model.onnx is missing" });
        Assert.Equal(0, await RunAsync("models"));
        Assert.Contains("starter *", _console.Results);
        Assert.Contains("unet/model.onnx is missing", _console.Results);
    }

    [Fact]
    public async Task Doctor_finds_what_is_wrong()
    {
        Assert.True(await RunAsync("doctor", "--models-path", _folder) == 0, _console.Results);
        Assert.Contains("Nothing is wrong.", _console.Results);

        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        _models.Models.Add(new() { Id = "broken", Title = "Broken", Fault = "unet/model.onnx is missing" });
        var code = await RunAsync("doctor", "--models-path", Path.Combine(_folder, "nowhere"), "--urls", $"http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}");
        Assert.Equal(1, code);
        Assert.Contains("cannot be listened on", _console.Results);
        Assert.Contains("does not exist", _console.Results);
        Assert.Contains("problem  models: broken: unet/model.onnx is missing", _console.Results);
        Assert.Contains("3 problems.", _console.Results);
    }

    [Fact]
    public async Task Wrong_settings_and_words_end_with_a_sentence_and_no_trace()
    {
        Assert.Equal(1, await RunAsync("serve", "--Darkroom:Engine:MaxBatch=none"));
        Assert.Contains("Darkroom:Engine:MaxBatch is 'none', and must be a whole number of 1…64.", _console.Errors);
        Assert.Equal(1, await RunAsync("genrate"));
        Assert.Contains("'genrate' is no command. Did you mean 'generate'?", _console.Errors);
        Assert.DoesNotContain("   at ", _console.Errors);
    }

    [Fact]
    public async Task A_taken_address_ends_the_server_with_a_sentence()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        Assert.Equal(1, await RunAsync("--urls", $"http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}"));
        Assert.Contains("The server cannot listen", _console.Errors);
    }

    [Fact]
    public async Task An_address_that_is_none_ends_the_server_with_a_sentence()
    {
        Assert.Equal(1, await RunAsync("--urls", "nonsense"));
        Assert.Contains("The server cannot listen", _console.Errors);
    }

    private Task<int> RunAsync(params string[] args) => DarkroomCommand.RunAsync(
        [.. args, "--data-path", Path.Combine(_folder, "data")],
        (services, _) => services.AddSingleton<IGenerationQueue>(_queue).AddSingleton<IArtifactStore>(_artifacts).AddSingleton<IModelDirectory>(_models).AddSingleton<IInputStore>(new ScriptedInputs())
            .AddSingleton<IUpscalerDirectory>(new ScriptedUpscalers()),
        _console);

    private sealed class StringConsole : IConsole
    {
        private readonly StringWriter _out = new();
        private readonly StringWriter _error = new();

        public TextWriter Out => _out;
        public TextWriter Error => _error;
        public bool IsInteractive => true;
        public string Results => _out.ToString();
        public string Errors => _error.ToString();
    }
}
