using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Looks;

/// <summary>Pictures of the starter, and what a server says of them.</summary>
internal sealed class StarterPictures(StartedServer server)
{
    /// <summary>Twenty of the concepts that the starter knows well.</summary>
    public static readonly string[] Concepts =
    [
        "apple", "banana", "strawberry", "pear", "carrot", "pizza", "cat", "dog", "fox", "panda", "fish", "butterfly", "car", "bus", "rocket", "airplane",
        "guitar", "key", "umbrella", "mushroom",
    ];

    /// <summary>A picture of 64 × 64 pixels.</summary>
    public async Task<Picture> MakeAsync(string concept, int seed)
    {
        var answer = await PostAsync("txt2img", new() { ["prompt"] = $"{concept}, 3d render", ["seed"] = seed, ["upscale"] = null });
        return PictureDecoder.Decode(Convert.FromBase64String((string)answer["images"]![0]!["data"]!));
    }

    /// <summary>What a task answers.</summary>
    public async Task<JsonNode> PostAsync(string task, JsonObject body)
    {
        using var response = await server.Client.PostAsJsonAsync("/v1/" + task, body);
        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException(answer.ToJsonString());
    }

    public static string Encoded(Picture picture) => Convert.ToBase64String(PictureEncoder.Encode(picture, PictureFormat.Png, 90, null));
}
