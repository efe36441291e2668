using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.EndToEnd.Automatic1111;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>Clients of the three surfaces at once get the pictures that the native API gives for the same parameters, alone.</summary>
public sealed class SurfacesTogetherTests(BatchingServer server) : IClassFixture<BatchingServer>
{
    private const int Clients = 64, Size = 64;

    private static readonly string[] Things = ["fox", "rocket", "penguin", "red apple", "house", "cactus", "guitar"];

    private static readonly (string Name, string Title)[] Samplers =
        [("euler", "Euler"), ("euler_ancestral", "Euler a"), ("dpmpp_2m", "DPM++ 2M"), ("dpmpp_2m_sde", "DPM++ 2M SDE"), ("heun", "Heun")];

    private static readonly string Sent = Convert.ToBase64String(PictureEncoder.Encode(Ramp(), PictureFormat.Png, 100, null));

    [Fact]
    public async Task Sixty_four_clients_of_three_surfaces_get_each_the_picture_that_it_gets_alone()
    {
        var orders = Enumerable.Range(0, Clients).Select(Order.Of).ToArray();
        var alone = new List<string[]>();
        foreach (var order in orders) alone.Add(await HashesAsync("/v1/" + order.Task, order.Native));
        Assert.Equal(alone.Sum(hashes => hashes.Length), alone.SelectMany(hashes => hashes).Distinct().Count());

        var together = await Task.WhenAll(orders.Select(order => HashesAsync(order.Address, order.Body)));
        var differing = Enumerable.Range(0, Clients).Where(i => !alone[i].SequenceEqual(together[i]));
        Assert.Empty(differing.Select(i => $"{i}: {orders[i].Address} {orders[i].Native}"));
    }

    private async Task<string[]> HashesAsync(string address, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(new Uri(address, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{address}: {(int)response.StatusCode} {text[..Math.Min(1000, text.Length)]}");
        var answer = JsonNode.Parse(text)!;
        return address.StartsWith("/sdapi", StringComparison.Ordinal) ? answer.Hashes()
            : address.StartsWith("/v1/images", StringComparison.Ordinal) ? [.. answer["data"]!.AsArray().Select(image => HashOf(image!["b64_json"]!))]
            : [.. answer["images"]!.AsArray().Select(image => HashOf(image!["data"]!))];
    }

    private static string HashOf(JsonNode base64) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String((string)base64!)));

    private static Picture Ramp()
    {
        var picture = Picture.Blank(Size, Size, 3);
        for (int i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (byte)(i * 7 / 3 % 256);
        return picture;
    }

    /// <summary>What a client sends, and the native request that means the same.</summary>
    private sealed record Order(string Address, JsonObject Body, string Task, JsonObject Native)
    {
        /// <summary>Surfaces, samplers, tasks, batches and seeds come round; every request has two lanes of guidance.</summary>
        public static Order Of(int i)
        {
            var (sampler, title) = Samplers[i / 3 % Samplers.Length];
            string prompt = $"{Things[i % Things.Length]}, 3d render, number {i}";
            int steps = 3 + i % 4, count = i % 6 == 0 ? 2 : 1, seed = 5000 + 11 * i;
            bool changes = i / 3 % 4 == 3;
            var native = new JsonObject
            {
                ["prompt"] = prompt, ["negative_prompt"] = "dark background", ["steps"] = steps, ["guidance_scale"] = 2.5, ["seed"] = seed, ["width"] = Size,
                ["height"] = Size, ["sampler"] = sampler, ["count"] = count, ["upscale"] = null,
            };
            if (changes) (native["image"], native["strength"]) = (Sent, 0.7);
            string task = changes ? "img2img" : "txt2img";
            return (i % 3) switch
            {
                0 => new("/v1/" + task, native.DeepClone().AsObject(), task, native),
                1 => new(changes ? "/v1/images/edits" : "/v1/images/generations", OpenAi(native, changes), task, native),
                _ => new("/sdapi/v1/" + task, Automatic1111(native, title, changes), task, native),
            };
        }

        private static JsonObject OpenAi(JsonObject native, bool changes)
        {
            var body = native.DeepClone().AsObject();
            foreach (string name in (string[])["width", "height", "count", "upscale", "image"]) body.Remove(name);
            (body["model"], body["n"], body["size"]) = ("starter", (int)native["count"]!, $"{Size}x{Size}");
            if (changes) body["images"] = new JsonArray(new JsonObject { ["image_url"] = "data:image/png;base64," + Sent });
            return body;
        }

        private static JsonObject Automatic1111(JsonObject native, string title, bool changes)
        {
            (native["compatibility"], native["schedule"]) = ("a1111", "karras");
            if (changes) native["resize_mode"] = "stretch";
            var body = new JsonObject
            {
                ["prompt"] = (string)native["prompt"]!, ["negative_prompt"] = (string)native["negative_prompt"]!, ["steps"] = (int)native["steps"]!,
                ["cfg_scale"] = 2.5, ["seed"] = (int)native["seed"]!, ["width"] = Size, ["height"] = Size, ["sampler_name"] = title, ["scheduler"] = "Karras",
                ["batch_size"] = (int)native["count"]!,
            };
            if (changes) (body["init_images"], body["denoising_strength"]) = (new JsonArray(Sent), 0.7);
            return body;
        }
    }
}
