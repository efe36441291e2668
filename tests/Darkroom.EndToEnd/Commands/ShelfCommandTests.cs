using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Commands;

/// <summary><c>models</c> and <c>doctor --models</c> over a folder of what people have.</summary>
public sealed class ShelfCommandTests : IDisposable
{
    private readonly ModelsFolder models = new();
    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;

    public ShelfCommandTests()
    {
        models.Link("starter", "models", "starter").Link("sd15", "tests", "conformance", "pipelines", "sd15-tiny", "diffusers")
            .Link("sdxl", "tests", "conformance", "pipelines", "sdxl-tiny", "diffusers")
            .Link("steered", "tests", "conformance", "pipelines", "sd15-tiny", "onnx").Link("loras", "tests", "conformance", "pipelines", "sd15-tiny", "lora")
            .Link("embeddings", "tests", "conformance", "pipelines", "sd15-tiny", "embeddings");
        File.WriteAllText(Path.Combine(models.Path, "large.gguf"), "GGUF");
        File.WriteAllText(Path.Combine(models.Path, "old.ckpt"), "");
    }

    [Fact]
    public async Task Models_are_tables_of_every_kind_of_file()
    {
        string output = await SucceededAsync("models");
        Assert.Matches(@"(?m)^sd15 +sd15 +stable-diffusion +64…2048 +fp32 +\d+ MiB +ok", output);
        Assert.Matches(@"(?m)^starter \* .* fp32, int8 ", output);
        Assert.Matches(@"(?m)^kohya +lora +4 +\d+ KiB +sd15, steered +ok", output);
        Assert.Matches(@"(?m)^toy +<toy> +1 +0 KiB +sd15, steered +ok", output);
        Assert.Matches("(?m)^old .*old.ckpt: is a pickle", output);
    }

    [Fact]
    public async Task Model_is_explained_by_its_id()
    {
        string output = await SucceededAsync("models", "--model", "sd15");
        foreach (string pattern in (string[])
        [
            "^family +stable-diffusion, predicts epsilon, ", "^tasks +txt2img, ", @"^sizes +\d+…2048 in steps of \d+, 64 of its own",
            "^unet .*stored as fp32",
            @"^64 x 64 +\d+ KiB beside the weights", "^128 x 128 +", "^loras +diffusers, kohya",
        ]) Assert.Matches("(?m)" + pattern, output);
        Assert.Matches("(?m)^loras +diffusers, kohya", await SucceededAsync("models", "--model", "steered"));
        Assert.Matches("(?m)^loras +none: its unet is an exported graph in which ", await SucceededAsync("models", "--model", "starter"));
        var unknown = await RunAsync("models", "--model", "sd14");
        Assert.Equal((1, "There is no model 'sd14'. Did you mean 'sd15'?"), (unknown.ExitCode, unknown.Error.Trim()));
    }

    [Fact]
    public async Task Doctor_explains_every_file()
    {
        var doctor = await RunAsync("doctor", "--models", "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Matches("(?m)^ok +files: sd15: stable-diffusion, 64 pixels, stored as fp32, .* a picture of 64 x 64 takes ", doctor.Output);
        Assert.Matches("(?m)^ok +files: sd15: .*; LoRAs that fit: diffusers, kohya", doctor.Output);
        Assert.Matches("(?m)^ok +files: LoRA kohya: lora of 128 layers, fits sd15", doctor.Output);
        Assert.Matches("(?m)^ok +files: textual inversion three-part: 3 vectors, fits sd15, steered", doctor.Output);
        Assert.Matches("(?m)^problem +files: large.gguf has quantised weights of another program", doctor.Output);
        Assert.Matches(@"(?m)^ok +graphs: sdxl: opens in \d+\.\d s", doctor.Output);
        Assert.Equal(2, Regex.Count(doctor.Output, "(?m)^problem ")); // the pickle is told once, as a model
    }

    public void Dispose()
    {
        models.Dispose();
        Directory.Delete(data, recursive: true);
    }

    private async Task<string> SucceededAsync(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome.Output;
    }

    private Task<CommandOutcome> RunAsync(params string[] arguments) =>
        ServerProgram.RunAsync([.. arguments, "--models-path", models.Path, "--data-path", data]);
}
