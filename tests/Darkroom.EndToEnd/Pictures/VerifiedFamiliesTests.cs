using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>What files of every family say makes their pictures again, with the inputs that some families alone have.</summary>
public sealed class VerifiedFamiliesTests : IDisposable
{
    private readonly ModelsFolder models = new();

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Every_family_s_pictures_are_the_same_when_they_are_made_again()
    {
        foreach (string family in (string[])["sd15-tiny", "sdxl-tiny", "sd3-tiny", "flux-tiny", "dit-tiny"])
            Directory.CreateSymbolicLink(Path.Combine(models.Path, family), ConformancePack.PathOf("pipelines", family, PackModels.Weights));
        Directory.CreateDirectory(Path.Combine(models.Path, "loras"));
        File.Copy(
            ConformancePack.PathOf("pipelines", "sdxl-tiny", "lora", "kohya.safetensors"), Path.Combine(models.Path, "loras", "sdxl-lora.safetensors"));
        await using var server = await StartedServer.StartAsync(models.Path);

        string[] requests =
        [
            """{"model":"sd15-tiny","prompt":"a fox, at (night:1.2)","negative_prompt":"blurred","seed":5,"steps":3,"clip_skip":1}""",
            """{"model":"sd15-tiny","prompt":"a fox","seed":5,"steps":3,"tiling":true,"format":"jpeg","quality":55}""",
            """
            {"model":"sdxl-tiny","prompt":"a fox","prompt_2":"night, \"blue\": x","negative_prompt":"blurred","negative_prompt_2":"day","seed":5,"steps":3,
             "original_size":[96,64],"target_size":[80,64],"crop":[8,4],"negative_original_size":[64,64],"negative_target_size":[72,64],"negative_crop":[1,2]}
            """,
            """{"model":"sdxl-tiny","prompt":"a fox","seed":5,"steps":3,"loras":[{"id":"sdxl-lora","weight":0.7}],"sampler":"dpmpp_2m","schedule":"karras"}""",
            """{"model":"sd3-tiny","prompt":"a fox","prompt_2":"night","negative_prompt":"","seed":5,"steps":3,"shift":1.75,"max_text_tokens":24}""",
            """{"model":"flux-tiny","prompt":"a fox","prompt_2":"night","seed":5,"steps":3,"guidance_scale":2.25,"max_text_tokens":40}""",
            """
            {"model":"flux-tiny","prompt":"a fox","negative_prompt":"day","negative_prompt_2":"blurred","seed":5,"steps":3,"guidance_scale":3.5,
             "true_guidance_scale":2.5}
            """,
            """{"model":"dit-tiny","class_label":3,"seed":5,"steps":3,"guidance_scale":4}""",
        ];
        foreach (string request in requests)
        {
            var made = (await server.Client.PostAsync(request)).Succeeded();
            byte[] file = made.GetProperty("images")[0].GetProperty("data").GetBytesFromBase64();
            var found = await server.Client.PostAsync(JsonSerializer.Serialize(new { image = file }), task: "verify");
            Assert.True(found.Status == 200 && found.Json.GetProperty("same").GetBoolean() && found.Json.GetProperty("warnings").GetArrayLength() == 0,
                $"{request}\n{found.Text}");
        }
    }
}
