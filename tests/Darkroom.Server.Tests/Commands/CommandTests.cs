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
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom").FullName;
    private readonly ScriptedModels models = new();
    private readonly ScriptedArtifacts artifacts = new();
    private readonly StringConsole console = new();
    private readonly ScriptedQueue queue;

    public CommandTests() => queue = new(artifacts);

    [Fact]
    public async Task Generate_writes_the_picture_and_asks_what_the_options_say()
    {
        var file = Path.Combine(folder, "fox.webp");
        var code = await RunAsync("generate", "a fox", "--output", file, "--seed", "42", "--steps", "7", "--sampler", "Euler", "--schedule", "Karras", "--metadata", "False",
            "--guidance", "3.5", "--size", "96x64", "--negative", "blur", "--model", "starter");
        Assert.True(code == 0, console.Errors);
        Assert.Equal("picture 0 of seed 42", await File.ReadAllTextAsync(file));
        var asked = queue.Asked.Single();
        Assert.Equal(("a fox", "blur", 42L, 7, "euler", "karras"),
            (asked.Prompt, asked.NegativePrompt, asked.Seed, asked.Steps, asked.Sampler, asked.Schedule));
        Assert.Equal((3.5, 96, 64, Imaging.PictureFormat.Webp), (asked.GuidanceScale, asked.Width, asked.Height, asked.Format));
        Assert.False(asked.Metadata);
        Assert.Contains("seed 42", console.Results);
        Assert.Contains("7/7", console.Errors);
    }

    [Theory]
    [InlineData("DPM++ 2M", "dpmpp_2m")]
    [InlineData("euler a", "euler_ancestral")]
    [InlineData("heun", "heun")]
    public async Task A_sampler_may_have_the_name_that_other_programs_give_it(string given, string sampler)
    {
        Assert.True(await RunAsync("generate", "a fox", "-o", Path.Combine(folder, "fox.png"), "--sampler", given) == 0, console.Errors);
        Assert.Equal(sampler, queue.Asked.Single().Sampler);
    }

    [Fact]
    public async Task Generate_numbers_the_files_of_several_pictures()
    {
        Assert.Equal(0, await RunAsync("generate", "a fox", "-o", Path.Combine(folder, "fox.png"), "--seed", "5", "--count", "2"));
        Assert.Equal("picture 1 of seed 5", await File.ReadAllTextAsync(Path.Combine(folder, "fox-2.png")));
    }

    [Fact]
    public async Task Generate_says_every_fault()
    {
        Assert.Equal(1, await RunAsync("generate", "a fox", "--steps", "0", "--size", "65x64"));
        Assert.Contains("steps: steps must be 1…150. (1…150)", console.Errors);
        Assert.Contains("width: width must be 16…96, multiple of 16", console.Errors);
        Assert.Equal(1, await RunAsync("generate", "a fox", "--size", "big"));
        Assert.Contains("--size is 'big'", console.Errors);
        Assert.Equal(1, await RunAsync("generate", "a fox", "--output", "fox.gif"));
        Assert.Contains("'.gif' is no format", console.Errors);
        queue.Failure = new(JobFailureKind.NonFinite, "The output was not finite.");
        Assert.Equal(1, await RunAsync("generate", "a fox"));
        Assert.Contains("The output was not finite.", console.Errors);
    }

    [Fact]
    public async Task Info_shows_how_a_picture_was_made()
    {
        var file = Path.Combine(folder, "made.png");
        await File.WriteAllBytesAsync(file, TestPictures.Of(8, 8, parameters: "a fox\nSteps: 20, Sampler: DDIM, Seed: 5"));
        Assert.Equal(0, await RunAsync("info", file));
        Assert.Contains("Steps: 20, Sampler: DDIM, Seed: 5", console.Results);

        await File.WriteAllBytesAsync(file, TestPictures.Of(8, 8));
        Assert.Equal(1, await RunAsync("info", file));
        Assert.Contains("says nothing of how it was made", console.Errors);
        await File.WriteAllTextAsync(file, "a fox");
        Assert.Equal(1, await RunAsync("info", file));
        Assert.Contains("Not a PNG, JPEG or WebP file.", console.Errors);
        Assert.Equal(1, await RunAsync("info", Path.Combine(folder, "nothing.png")));
        Assert.Contains("nothing.png", console.Errors);
    }

    [Fact]
    public async Task Models_is_a_table()
    {
        models.Models.Add(new() { Id = "broken", Title = "Broken", Fault = "unet/model.onnx is missing" });
        Assert.Equal(0, await RunAsync("models"));
        Assert.Contains("starter *", console.Results);
        Assert.Contains("unet/model.onnx is missing", console.Results);
    }

    [Fact]
    public async Task Doctor_finds_what_is_wrong()
    {
        Assert.True(await RunAsync("doctor", "--models-path", folder) == 0, console.Results);
        Assert.Contains("Nothing is wrong.", console.Results);

        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        models.Models.Add(new() { Id = "broken", Title = "Broken", Fault = "unet/model.onnx is missing" });
        var code = await RunAsync("doctor", "--models-path", Path.Combine(folder, "nowhere"),
            "--urls", $"http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}");
        Assert.Equal(1, code);
        Assert.Contains("cannot be listened on", console.Results);
        Assert.Contains("does not exist", console.Results);
        Assert.Contains("problem  models: broken: unet/model.onnx is missing", console.Results);
        Assert.Contains("3 problems.", console.Results);
    }

    [Fact]
    public async Task Wrong_settings_and_words_end_with_a_sentence_and_no_trace()
    {
        Assert.Equal(1, await RunAsync("serve", "--Darkroom:Engine:MaxBatch=none"));
        Assert.Contains("Darkroom:Engine:MaxBatch is 'none', and must be a whole number of 1…64.", console.Errors);
        Assert.Equal(1, await RunAsync("genrate"));
        Assert.Contains("'genrate' is no command. Did you mean 'generate'?", console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);
    }

    [Fact]
    public async Task A_taken_address_ends_the_server_with_a_sentence()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        Assert.Equal(1, await RunAsync("--urls", $"http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}"));
        Assert.Contains("The server cannot listen", console.Errors);
    }

    [Fact]
    public async Task An_address_that_is_none_ends_the_server_with_a_sentence()
    {
        Assert.Equal(1, await RunAsync("--urls", "nonsense"));
        Assert.Contains("The server cannot listen", console.Errors);
    }

    private Task<int> RunAsync(params string[] args) => DarkroomCommand.RunAsync(
        [.. args, "--data-path", Path.Combine(folder, "data")],
        (services, _) => services.AddSingleton<IGenerationQueue>(queue).AddSingleton<IArtifactStore>(artifacts).AddSingleton<IModelDirectory>(models)
            .AddSingleton<IInputStore>(new ScriptedInputs()).AddSingleton<IUpscalerDirectory>(new ScriptedUpscalers()),
        console);

    private sealed class StringConsole : IConsole
    {
        private readonly StringWriter output = new();
        private readonly StringWriter error = new();

        public TextWriter Out => output;
        public TextWriter Error => error;
        public bool IsInteractive => true;
        public string Results => output.ToString();
        public string Errors => error.ToString();
    }
}
