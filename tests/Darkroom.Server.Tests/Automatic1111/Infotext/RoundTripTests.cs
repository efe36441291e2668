using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Imaging.Metadata;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Infotext;

/// <summary>Pictures of the real server: what their files say gives them again, here and in AUTOMATIC1111.</summary>
public sealed class RoundTripTests(RoundTripTests.Started started) : IClassFixture<RoundTripTests.Started>
{
    private readonly HttpClient client = started.Server.Client;

    public sealed class Started : IAsyncLifetime
    {
        internal RealServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RealServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    public static TheoryData<string> Requests =>
    [
        """{"prompt":"red apple","seed":7,"steps":4}""",
        """{"prompt":"red apple,\nSteps: of stone, a: b","negative_prompt":"","seed":7,"steps":3,"upscale":null}""",
        """{"prompt":"(red:1.3) apple","negative_prompt":"ugly, blurred","seed":9007199254740000,"steps":4,"sampler":"dpmpp_2m","guidance_scale":3.25}""",
        """{"prompt":"apple","seed":1,"steps":4,"sampler":"dpmpp_2m","schedule":"karras","noise_source":"torch_cuda","upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":4,"sampler":"dpmpp_2m","compatibility":"a1111","upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":4,"sampler":"euler_ancestral","eta":0.5,"compatibility":"comfyui","upscale":null}""",
        """{"prompt":"(apple:1.2)","seed":1,"steps":4,"prompt_style":"plain","guidance_rescale":0.5,"guidance_interval":[0.25,0.75],"upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":4,"width":80,"height":64,"sampler":"ddim","eta":0.3,"upscale":{"model":"realesr-animevideov3-x2","scale":1.5}}""",
        """{"prompt":"apple","seed":1,"steps":4,"variation_seed":5,"variation_strength":0.25,"seed_resize":[80,64],"upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":4,"sampler":"euler_ancestral","compatibility":"a1111","noise_seed_offset":31337,"upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":4,"sampler":"euler","compatibility":"a1111","s_churn":1,"s_noise":1.1,"upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":3,"hires":{"scale":1.5,"steps":2,"strength":0.6},"upscale":null}""",
        """{"prompt":"apple","seed":1,"steps":12,"cache":{"method":"easycache","threshold":0.25},"upscale":null}""",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_request_of_a_picture_makes_it_again(string request)
    {
        var first = await MakeAsync("/v1/txt2img", request);
        var data = (string)first["data"]!;
        var read = await PostAsync("/v1/png-info", new JsonObject { ["image"] = data });
        var remade = read["request"]!;
        Assert.Empty(remade["missing"]!.AsArray());
        Assert.Empty(remade["unused"]!.AsObject());
        var again = await MakeAsync((string)remade["address"]!, remade["fields"]!.ToJsonString());
        Assert.Equal((string?)first["sha256"], (string?)again["sha256"]);

        var there = await PostAsync("/sdapi/v1/png-info", new JsonObject { ["image"] = data });
        Assert.Equal((string?)read["info"], (string?)there["info"]);
        Assert.True(JsonNode.DeepEquals(remade["fields"], there["request"]!["fields"]));

        var verified = await PostAsync("/v1/verify", new JsonObject { ["image"] = data });
        Assert.Equal((true, 1, 0), ((bool)verified["same"]!, (double)verified["equal_values"]!, (int)verified["largest_difference"]!));
    }

    [Fact]
    public async Task What_is_written_pastes_into_AUTOMATIC1111()
    {
        foreach (var request in Requests.Select(row => JsonNode.Parse(row.Data)!))
        {
            var made = await MakeAsync("/v1/txt2img", request.ToJsonString());
            var text = PictureMetadata.ReadParameters(Convert.FromBase64String((string)made["data"]!))!;
            var pasted = WebUiParser.Parse(text);
            Assert.Equal((string?)request["prompt"], pasted["Prompt"]);
            Assert.Equal((string?)request["negative_prompt"] ?? "", pasted["Negative prompt"]);
            Assert.Equal(((string?)request["seed"]?.ToJsonString(), (string?)request["steps"]?.ToJsonString()), (pasted["Seed"], pasted["Steps"]));
            Assert.Equal((int?)request["width"] ?? 64, int.Parse(pasted["Size-1"]));
            Assert.Equal(("starter", "1"), (pasted["Model"], pasted["Clip skip"]));
            var sampler = A1111Samplers.Find(pasted["Sampler"]);
            Assert.Equal((string?)request["sampler"] ?? "ddim", sampler!.Native.Name);
            Assert.Contains(A1111Samplers.Schedulers, one => one.Label == pasted["Schedule type"]);
            var isCuda = (string?)request["noise_source"] == "torch_cuda" || (string?)request["compatibility"] == "a1111";
            Assert.Equal(isCuda ? "GPU" : "CPU", pasted["RNG"]);
            // A1111's "Automatic" is Karras for this one, which the model's own levels are not.
            if (sampler.Native.Name == "dpmpp_2m")
                Assert.Equal(request["schedule"] is null && request["compatibility"] is null ? "Uniform" : "Karras", pasted["Schedule type"]);
            if (request["hires"] is { } hires)
                Assert.Equal(("1.5", "2", "Latent", "0.6"),
                    (pasted["Hires upscale"], pasted["Hires steps"], pasted["Hires upscaler"], pasted["Denoising strength"]));

            var answer = await PostAsync("/sdapi/v1/png-info", new JsonObject { ["image"] = (string)made["data"]! });
            foreach (var (key, value) in pasted) Assert.Equal(value, answer["parameters"]![key]!.ToString());
        }
    }

    [Theory]
    [InlineData("""{"prompt":"(red:1.2) apple","negative_prompt":"ugly","seed":5,"steps":4,"sampler_name":"DPM++ 2M Karras","cfg_scale":3,"batch_size":2}""")]
    [InlineData("""{"prompt":"apple","seed":5,"steps":4,"sampler_name":"Euler a","width":80,"height":64,"subseed":9,"subseed_strength":0.3,"n_iter":2}""")]
    [InlineData("""{"prompt":"apple","seed":5,"steps":4,"sampler_name":"Euler","override_settings":{"randn_source":"CPU","eta_noise_seed_delta":7}}""")]
    [InlineData("""{"prompt":"apple","seed":5,"steps":3,"sampler_name":"DDIM","enable_hr":true,"hr_scale":1.5,"denoising_strength":0.6}""")]
    public async Task Pictures_of_this_surface_are_made_again_by_the_native_one(string request)
    {
        var made = await PostAsync("/sdapi/v1/txt2img", JsonNode.Parse(request)!.AsObject());
        var texts = JsonNode.Parse((string)made["info"]!)!["infotexts"]!.AsArray();
        foreach (var (data, i) in made["images"]!.AsArray().Select((image, i) => ((string)image!, i)))
        {
            var read = await PostAsync("/sdapi/v1/png-info", new JsonObject { ["image"] = data });
            Assert.Equal((string?)texts[i], (string?)read["info"]);
            var remade = read["request"]!;
            Assert.Equal("a1111", (string?)remade["fields"]!["compatibility"]);
            Assert.Empty(remade["missing"]!.AsArray());
            Assert.Empty(remade["unused"]!.AsObject());
            var again = await MakeAsync((string)remade["address"]!, remade["fields"]!.ToJsonString());
            Assert.Equal(data, (string?)again["data"]);
        }
    }

    [Fact]
    public async Task A_file_that_says_nothing_is_an_empty_text()
    {
        var answer = await PostAsync("/sdapi/v1/png-info", new JsonObject { ["image"] = "data:image/png;base64," + TestPictures.Base64(8, 8) });
        Assert.Equal("""{"info":"","items":{},"parameters":{}}""", answer.ToJsonString());
    }

    private async Task<JsonNode> MakeAsync(string address, string request)
    {
        var answer = await PostAsync(address, JsonNode.Parse(request)!.AsObject());
        return answer["images"]![0]!;
    }

    private async Task<JsonObject> PostAsync(string address, JsonObject body)
    {
        using var answer = await client.PostAsync(address, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        var json = await answer.JsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{body.ToJsonString()}\n{json.ToJsonString()}");
        return json;
    }
}
