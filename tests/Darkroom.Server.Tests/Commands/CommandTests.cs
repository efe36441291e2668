using Darkroom.Imaging.Metadata;
using Darkroom.Imaging;
using System.Net;
using System.Net.Sockets;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Commands;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Commands;

public sealed class CommandTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom").FullName;
    private readonly ScriptedModels models = new();
    private readonly MemoryArtifactStore artifacts = new(new RandomIds(), 64 << 20);
    private readonly StringConsole console = new();
    private readonly ScriptedQueue queue;

    public CommandTests() => queue = new(artifacts);

    [Fact]
    public async Task Generate_writes_the_picture_and_asks_what_the_options_say()
    {
        var file = Path.Combine(folder, "fox.webp");
        var code = await RunAsync("generate", "a fox", "--output", file, "--seed", "42", "--steps", "7",
            "--sampler", "Euler", "--schedule", "Karras", "--metadata", "False",
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
        Assert.Equal(1, await RunAsync("generate", "a fox", "--steps", "many"));
        Assert.Contains("Given: many", console.Errors);
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

        byte[] workflow = PictureEncoder.Encode(Picture.Blank(8, 8, 3), PictureFormat.Png, 90, new PictureLabel(null, [new("workflow", """{"nodes":[]}""")]));
        await File.WriteAllBytesAsync(file, workflow);
        Assert.Equal(0, await RunAsync("info", file));
        Assert.Contains("""workflow: {"nodes":[]}""", console.Results);

        await File.WriteAllBytesAsync(file, TestPictures.Of(8, 8));
        Assert.Equal(1, await RunAsync("info", file));
        Assert.Contains("says nothing of how it was made", console.Errors);
        await File.WriteAllTextAsync(file, "a fox");
        Assert.Equal(1, await RunAsync("info", file));
        Assert.Contains("Not a PNG, JPEG, WebP or npy file.", console.Errors);
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
        Assert.DoesNotContain("styles", console.Results);
        File.WriteAllText(Path.Combine(folder, "styles.csv"), "name,prompt\nink,\"ink");
        Assert.Equal(1, await RunAsync("doctor", "--models-path", folder));
        Assert.Contains("styles.csv has a quote in line 2 that is never closed.", console.Results);
        File.WriteAllText(Path.Combine(folder, "styles.csv"), "name,prompt\nink,ink");
        Assert.True(await RunAsync("doctor", "--models-path", folder) == 0, console.Results);
        Assert.Contains("ok       styles: 1 styles in", console.Results);

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
    public async Task Doctor_finds_a_server_of_its_own_kind_in_order()
    {
        await using var server = await RunningServer.StartAsync();
        var address = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.True(await RunAsync("doctor", "--models-path", folder, "--urls", address) == 0, console.Results);
        Assert.Contains($"{address} is where a running Darkroom listens", console.Results);
    }

    [Fact]
    public async Task Wrong_settings_and_words_end_with_a_sentence_and_no_trace()
    {
        Assert.Equal(78, await RunAsync("serve", "--Darkroom:Engine:MaxBatch=none"));
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
        Assert.Equal(78, await RunAsync("--urls", "nonsense"));
        Assert.Contains("'nonsense' is no address to listen on: write one such as http://127.0.0.1:8080.", console.Errors);
    }

    [Theory]
    [InlineData("http://127.0.0.l:18331", "The address 'http://127.0.0.l:18331' has the host '127.0.0.l', and must have an IP address, localhost, or *")]
    [InlineData("http://127.0.0.1:80x", "The address 'http://127.0.0.1:80x' has the host '127.0.0.1:80x', and must have an IP address")]
    [InlineData("http://pictures.example:80", "has the host 'pictures.example', and must have an IP address")]
    [InlineData("http://127.0.0.1:99999", "The address 'http://127.0.0.1:99999' has the port 99999, and must have one of 0…65535.")]
    [InlineData("http://127.0.0.1:0/path", "The address 'http://127.0.0.1:0/path' has a path, and must end with its port.")]
    [InlineData("ftp://127.0.0.1:0", "'ftp://127.0.0.1:0' is no address to listen on")]
    [InlineData("http://127.0.0.1:0;http://[::1", "'http://[::1'")]
    public async Task An_address_that_would_open_the_server_or_cannot_be_is_a_fault_of_the_settings(string url, string sentence)
    {
        Assert.Equal(78, await RunAsync("--urls", url));
        Assert.Contains(sentence, console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);
    }

    [Theory]
    [InlineData("--http_ports=99999", "has the port 99999")]
    [InlineData("--Kestrel:Endpoints:A:Url=http://127.0.0.l:0", "has the host '127.0.0.l'")]
    [InlineData("--Serilog:MinimumLevel:Default=Loud", "Serilog:MinimumLevel:Default is 'Loud', and must be one of: verbose, debug, information")]
    [InlineData("--Serilog:MinimumLevel:Override:Darkroom=Quiet", "Serilog:MinimumLevel:Override:Darkroom is 'Quiet'")]
    [InlineData("--Darkroom:Hosts=http://a", "Darkroom:Hosts is 'http://a', and must be names such as pictures.example.org")]
    [InlineData("--Darkroom:Proxies=10.0.0.1,10.0.0.0/33", "Darkroom:Proxies is '10.0.0.1,10.0.0.0/33', and must be IP addresses, or networks")]
    [InlineData("--Darkroom:Proxies=nginx", "Darkroom:Proxies is 'nginx', and must be IP addresses")]
    [InlineData("--Darkroom:Proxies=1", "Darkroom:Proxies is '1', and must be IP addresses")]
    public async Task Other_settings_are_told_in_a_sentence(string setting, string sentence)
    {
        Assert.Equal(78, await RunAsync(setting));
        Assert.Contains(sentence, console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);
    }

    [Fact]
    public async Task Folders_that_are_none_are_told_together()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "data"), "");
        await File.WriteAllTextAsync(Path.Combine(folder, "models"), "");
        Assert.Equal(78, await RunAsync("--urls", "http://127.0.0.1:0", "--models-path", Path.Combine(folder, "models")));
        Assert.Contains($"{Path.Combine(folder, "data")} cannot be written: ", console.Errors);
        Assert.Contains($"Darkroom:ModelsPath is {Path.Combine(folder, "models")}, and must be a folder: that is a file.", console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_told_in_a_sentence()
    {
        var code = await RunAsync("--urls", "https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={Path.Combine(folder, "none.pfx")}");
        Assert.True(code == 78, $"{code}: {console.Errors}");
        Assert.Contains("An https address needs a certificate that can be read: set Kestrel:Certificates:Default:Path", console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);
    }

    private Task<int> RunAsync(params string[] args) => DarkroomCommand.RunAsync(
        [.. args, "--data-path", Path.Combine(folder, "data")],
        (services, _) => services.AddSingleton<IGenerationQueue>(queue).AddSingleton<IArtifactStore>(artifacts).AddSingleton<IModelDirectory>(models)
            .AddSingleton<IInputStore>(new ScriptedInputs()).AddSingleton<IUpscalerDirectory>(new ScriptedUpscalers())
            .AddSingleton<ILoraDirectory>(new ScriptedLoras()).AddSingleton<IControlNetDirectory>(new ScriptedControlNets())
            .AddSingleton<IEmbeddingDirectory>(new ScriptedEmbeddings()),
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
