using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Models;

/// <summary>Models that open and answer with NaN, folders that change under a running server, and state files of anything.</summary>
public sealed class PoisonedModelTests : IDisposable
{
    private const string Tiny = "sd15-tiny";
    private readonly ModelsFolder models = new ModelsFolder().Link("healthy", "tests", "conformance", "pipelines", Tiny, "onnx");

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task No_picture_is_made_of_values_that_are_not_finite_and_the_neighbours_get_theirs()
    {
        // Within the weights of a convolution: 0xFFFFFFFF is NaN.
        ModelsFolder.Spoil(models.CopyOf("d-nan", "tests", "conformance", "pipelines", Tiny, "onnx"), "vae_decoder", at: 138_000, value: 0xFF);
        ModelsFolder.Spoil(models.CopyOf("e-nan", "tests", "conformance", "pipelines", Tiny, "onnx"), "vae_encoder", at: 107_500, value: 0xFF);
        ModelsFolder.Spoil(models.CopyOf("t-nan", "tests", "conformance", "pipelines", Tiny, "onnx"), "text_encoder", at: 162_000, value: 0xFF, length: 20_000);
        await using var server = await StartedServer.StartAsync(models.Path, null, ("Darkroom__DefaultModel", "healthy"));
        byte[] picture = Png(3, static _ => 128), mask = Png(1, static at => at < 64 * 32 ? (byte)255 : (byte)0);

        var alone = (await server.Client.PostAsync(Body("healthy"))).Pictures();
        var together = await Task.WhenAll(
            server.Client.PostAsync(Body("healthy")), server.Client.PostAsync(Body("d-nan")), server.Client.PostAsync(Body("healthy")));
        Assert.Equal(alone, together[0].Pictures());
        Assert.Equal(alone, together[2].Pictures());
        together[1].Problem(500, "non_finite_output");
        foreach (var (task, model) in new[] { ("inpaint", "d-nan"), ("img2img", "d-nan"), ("inpaint", "e-nan"), ("img2img", "e-nan") })
        {
            (string, byte[])[] files = task == "inpaint" ? [("image", picture), ("mask", mask)] : [("image", picture)];
            (await server.Client.FormAsync(task, files, ("prompt", "a"), ("steps", "2"), ("seed", "1"), ("model", model))).Problem(500, "non_finite_output");
        }
        (await server.Client.PostAsync(Body("t-nan"))).Problem(500, "non_finite_output");
        (await server.Client.PostAsync(Body("e-nan"))).Pictures(); // a picture from text does not need the encoder
        Assert.Equal(alone, (await server.Client.PostAsync(Body("healthy"))).Pictures());
    }

    [Fact]
    public async Task Model_that_is_changed_on_disk_answers_with_its_new_weights_and_their_hash()
    {
        string folder = models.CopyOf("changing", "tests", "conformance", "pipelines", Tiny, "onnx");
        await using var server = await StartedServer.StartAsync(
            models.Path, null, ("Darkroom__DefaultModel", "changing"), ("Darkroom__Engine__ModelMemoryMiB", "2"));
        var before = await server.Client.PostAsync(Body("changing"));
        ModelsFolder.Spoil(folder, "unet", at: 501_000, value: 0x3D); // other weights
        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);
        (await server.Client.PostAsync(Body("healthy"))).Pictures();
        var after = await server.Client.PostAsync(Body("changing"));
        Assert.NotEqual(before.Pictures(), after.Pictures());
        string hash = HashOf(after);
        Assert.NotEqual(HashOf(before), hash);
        Assert.Equal(hash, (await server.Client.FetchAsync("/v1/models/changing")).Succeeded().GetProperty("hash").GetString());
    }

    [Fact]
    public async Task State_files_of_anything_do_not_stop_a_start()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        try
        {
            foreach (string content in new[] { """{"devices":[null]}""", "{\"/a\":null}", "\0\u0001" })
            {
                foreach (string file in new[] { "call-costs.json", "model-hashes.json", "graph-proofs.json" })
                    File.WriteAllText(Path.Combine(data, file), content);
                await using var server = await StartedServer.StartAsync(models.Path, data);
                Assert.Single((await server.Client.PostAsync(Body("healthy"))).Pictures());
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static string HashOf(Answer answer) => answer.Json.GetProperty("parameters").GetProperty("model_hash").GetString()!;

    private static object Body(string model) => new { model, prompt = "a fox", seed = 1, steps = 2, width = 64, height = 64 };

    private static byte[] Png(int channels, Func<int, byte> pixel) =>
        PictureEncoder.Encode(new Picture(64, 64, channels, [.. Enumerable.Range(0, channels * 64 * 64).Select(pixel)]), PictureFormat.Png, 100, null);
}
