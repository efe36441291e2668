namespace Darkroom.Models.Tests.Catalog;

public sealed class DarkroomFileFaultTests
{
    [Theory]
    [InlineData("""{ "colour": "red" }""",
        "colour: is not a key of this file; known are title, licence, notes, native_size, max_size, size_step, precision, defaults")]
    [InlineData("""{ "precision": "int9" }""", "precision: 'int9' is unknown; known are auto, fp32, fp16, int8, int4")]
    [InlineData("""{ "precision": 8 }""", "precision: expected a text, found 8")]
    [InlineData("""{ "title": 5 }""", "title: expected a text, found 5")]
    [InlineData("""{ "native_size": "big" }""", "native_size: expected a whole number, found the text \"big\"")]
    [InlineData("""{ "native_size": 64.5 }""", "native_size: expected a whole number, found 64.5")]
    [InlineData("""{ "native_size": 70 }""", "native_size: 70 is not a multiple of the size step 32")]
    [InlineData("""{ "native_size": 128, "max_size": 96 }""", "native_size: 128 is above the largest size 96")]
    [InlineData("""{ "native_size": 1e300 }""", "native_size: 1e300 is above 16384")]
    [InlineData("""{ "size_step": 12, "native_size": 96 }""", "size_step: 12 is not a multiple of the autoencoder's factor 8")]
    [InlineData("""{ "max_size": 16 }""", "max_size: 16 is below the size step 32")]
    [InlineData("""{ "defaults": [] }""", "defaults: expected an object, found a list of 0")]
    [InlineData("""{ "defaults": { "steps": 500 } }""", "defaults.steps: must be 1…150, found 500")]
    [InlineData("""{ "defaults": { "steps": 0 } }""", "defaults.steps: must be 1…150, found 0")]
    [InlineData("""{ "defaults": { "steps": true } }""", "defaults.steps: must be a whole number, found true")]
    [InlineData("""{ "defaults": { "guidance_scale": 31 } }""", "defaults.guidance_scale: must be 0…30, found 31")]
    [InlineData("""{ "defaults": { "eta": -0.1 } }""", "defaults.eta: must be 0…1, found -0.1")]
    [InlineData("""{ "defaults": { "seed": 9007199254740992 } }""", "defaults.seed: must be 0…9007199254740991, or -1, found 9007199254740992")]
    [InlineData("""{ "defaults": { "width": 4096 } }""", "defaults.width: 4096 is above the largest size 2048")]
    [InlineData("""{ "defaults": { "height": 40 } }""", "defaults.height: 40 is not a multiple of the size step 32")]
    [InlineData("""{ "defaults": { "format": "gif" } }""", "defaults.format: must be one of: png, jpeg, webp, npy, found the text \"gif\"")]
    [InlineData("""{ "defaults": { "metadata": "yes" } }""", "defaults.metadata: must be true or false, found the text \"yes\"")]
    [InlineData("""{ "defaults": { "guidance_interval": [0.9, 0.1] } }""",
        "defaults.guidance_interval: must be [from, to] with 0 ≤ from ≤ to ≤ 1, found a list of 2")]
    [InlineData("""{ "defaults": { "sampler": "lcm", "schedule": "karras" } }""",
        "defaults.schedule: 'karras' has no meaning with sampler 'lcm'; possible are default, lcm")]
    [InlineData("""{ "defaults": { "schedule": "lcm" } }""",
        "defaults.schedule: 'lcm' has no meaning with sampler 'pndm'; possible are default, simple, sgm_uniform")]
    [InlineData("""{ "defaults": { "sampler": "lcm", "steps": 51 } }""", "defaults.steps: 51 is above 50, what sampler 'lcm' allows")]
    [InlineData("""{ "defaults": { "clip_skip": 11 } }""", "defaults.clip_skip: 11 is above 2, what the text encoder allows")]
    [InlineData("""{ "defaults": { "crop": [8, 8] } }""", "defaults.crop: family stable-diffusion has no use for it")]
    [InlineData("""{ "defaults": { "loras": [] } }""", "defaults.loras: cannot have a default, only a request can say it")]
    [InlineData("""{ "defaults": { "deadline": 1e9 } }""", "defaults.deadline: must be above 0, at most 31536000, found 1e9")]
    [InlineData("""{ "defaults": { "seed": 9007199254740991, "count": 2 } }""",
        "defaults.seed: 9007199254740991 leaves no room for the seeds of 2 pictures; at most 9007199254740990")]
    [InlineData("""{ "defaults": { "width": 8 } }""", "defaults.width: 8 is below the size step 32")]
    [InlineData("""{ "defaults": { "prompt": "a cat" } }""", "defaults.prompt: cannot have a default, only a request can say it")]
    [InlineData("""{ "defaults": { "stepz": 4 } }""", "defaults.stepz: is not a generation field")]
    [InlineData("""{ "defaults": { "Steps": 4 } }""", "defaults.Steps: is not a generation field")]
    [InlineData("""{ "defaults": { "upscale": { "scale": 9 } } }""", "defaults.upscale.scale: must be 1…8, found 9")]
    [InlineData("""{ "defaults": { "upscale": { "model": "x", "tile": 2 } } }""", "defaults.upscale: has no such field as 'tile'")]
    [InlineData("""{ "title": "a", "title": "b" }""", "is not JSON, or holds a key twice")]
    public void A_wrong_value_is_named_with_its_field(string json, string fault) =>
        Assert.Equal("darkroom.json: " + fault, TestModel.Sd15().Write("darkroom.json", json).Fault());

    [Fact]
    public void A_sampler_that_is_unknown_lists_those_that_are() =>
        Assert.StartsWith("darkroom.json: defaults.sampler: must be one of: default, euler, euler_ancestral, ",
            TestModel.Sd15().Write("darkroom.json", """{ "defaults": { "sampler": "eulr" } }""").Fault());

    [Fact]
    public void Text_beyond_the_limit_is_named_by_its_length_and_not_shown() =>
        Assert.Equal("darkroom.json: title: is 5000 characters long, at most 200 are allowed",
            TestModel.Sd15().Write("darkroom.json", $$"""{ "title": "{{new string('x', 5000)}}" }""").Fault());

    [Fact]
    public void Many_faults_are_summed_up() =>
        Assert.EndsWith("; and 12 more", TestModel.Sd15()
            .Write("darkroom.json", $"{{ {string.Join(",", Enumerable.Range(0, 20).Select(i => $"\"k{i}\": 1"))} }}").Fault());
}
