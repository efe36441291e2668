using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Endpoints;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Problems;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Generation.Validation;

public sealed class GenerationValidationTests
{
    private readonly ScriptedModels models = new();
    private readonly FixedSeeds seeds = new();
    private RequestLimits limits = new();

    [Theory]
    [InlineData("""{}""", "prompt", "at most 4,096 characters")]
    [InlineData("""{"prompt":null}""", "prompt", "at most 4,096 characters")]
    [InlineData("""{"prompt":7}""", "prompt", "at most 4,096 characters")]
    [InlineData("""{"prompt":"a\u0000b"}""", "prompt", "no NUL character")]
    [InlineData("""{"prompt":"","negative_prompt":"a\u0000b"}""", "negative_prompt", "no NUL character")]
    [InlineData("""{"prompt":"","negative_prompt":[]}""", "negative_prompt", "at most 4,096 characters")]
    [InlineData("""{"prompt":"","model":7}""", "model", "at most 200 characters")]
    [InlineData("""{"prompt":"","width":65}""", "width", "16…96, multiple of 16")]
    [InlineData("""{"prompt":"","width":1000000000}""", "width", "16…96, multiple of 16")]
    [InlineData("""{"prompt":"","width":1e300}""", "width", "16…96, multiple of 16")]
    [InlineData("""{"prompt":"","width":64.5}""", "width", "the model's size_step…max_size, multiple of size_step")]
    [InlineData("""{"prompt":"","height":0}""", "height", "16…96, multiple of 16")]
    [InlineData("""{"prompt":"","height":-16}""", "height", "16…96, multiple of 16")]
    [InlineData("""{"prompt":"","height":"64"}""", "height", "the model's size_step…max_size, multiple of size_step")]
    [InlineData("""{"prompt":"","steps":0}""", "steps", "1…150")]
    [InlineData("""{"prompt":"","steps":1000000}""", "steps", "1…150")]
    [InlineData("""{"prompt":"","steps":"20"}""", "steps", "1…150")]
    [InlineData("""{"prompt":"","steps":2.5}""", "steps", "1…150")]
    [InlineData("""{"prompt":"","steps":true}""", "steps", "1…150")]
    [InlineData("""{"prompt":"","guidance_scale":-0.1}""", "guidance_scale", "0…30")]
    [InlineData("""{"prompt":"","guidance_scale":30.5}""", "guidance_scale", "0…30")]
    [InlineData("""{"prompt":"","guidance_scale":1e999}""", "guidance_scale", "0…30")]
    [InlineData("""{"prompt":"","guidance_scale":"7"}""", "guidance_scale", "0…30")]
    [InlineData("""{"prompt":"","guidance_rescale":1.01}""", "guidance_rescale", "0…1")]
    [InlineData("""{"prompt":"","guidance_interval":[0.5]}""", "guidance_interval", "[from, to] with 0 ≤ from ≤ to ≤ 1")]
    [InlineData("""{"prompt":"","guidance_interval":[0.8,0.2]}""", "guidance_interval", "[from, to] with 0 ≤ from ≤ to ≤ 1")]
    [InlineData("""{"prompt":"","guidance_interval":[0,"1"]}""", "guidance_interval", "[from, to] with 0 ≤ from ≤ to ≤ 1")]
    [InlineData("""{"prompt":"","guidance_interval":0.5}""", "guidance_interval", "[from, to] with 0 ≤ from ≤ to ≤ 1")]
    [InlineData("""{"prompt":"","eta":2}""", "eta", "0…1")]
    [InlineData("""{"prompt":"","seed":-2}""", "seed", "0…9007199254740991, or -1")]
    [InlineData("""{"prompt":"","seed":9007199254740992}""", "seed", "0…9007199254740991, or -1")]
    [InlineData("""{"prompt":"","seed":9007199254740991,"count":2}""", "seed", "0…9007199254740990 with count 2")]
    [InlineData("""{"prompt":"","count":0}""", "count", "1…8")]
    [InlineData("""{"prompt":"","count":9}""", "count", "1…8")]
    [InlineData("""{"prompt":"","noise_source":"gpu"}""", "noise_source", "one of: torch_cpu, torch_cuda")]
    [InlineData("""{"prompt":"","clip_skip":12}""", "clip_skip", "0…11")]
    [InlineData("""{"prompt":"","prompt_style":"fancy"}""", "prompt_style", "one of: plain, weighted, comfyui")]
    [InlineData("""{"prompt":"","compatibility":"midjourney"}""", "compatibility", "one of: diffusers, a1111, comfyui")]
    [InlineData("""{"prompt":"","format":"gif"}""", "format", "one of: png, jpeg, webp, npy")]
    [InlineData("""{"prompt":"","format":5}""", "format", "one of: png, jpeg, webp, npy")]
    [InlineData("""{"prompt":"","quality":0}""", "quality", "1…100")]
    [InlineData("""{"prompt":"","quality":101}""", "quality", "1…100")]
    [InlineData("""{"prompt":"","metadata":"yes"}""", "metadata", "true or false")]
    [InlineData("""{"prompt":"","upscale":"x2"}""", "upscale", "an object with model and scale, or null")]
    [InlineData("""{"prompt":"","return":"bytes"}""", "return", "one of: data, url")]
    [InlineData("""{"prompt":"","priority":"urgent"}""", "priority", "one of: low, normal, high")]
    [InlineData("""{"prompt":"","deadline":0}""", "deadline", "above 0, at most 31536000")]
    [InlineData("""{"prompt":"","preview_every":-1}""", "preview_every", "0…150")]
    [InlineData("""{"prompt":"","model_hash":1}""", "model_hash", "at most 64 characters")]
    [InlineData("""[]""", "", "an object")]
    [InlineData("""null""", "", "an object")]
    public void A_wrong_value_is_named_with_its_limit(string body, string field, string limit)
    {
        var problem = Refuse(body);
        Assert.Same(ProblemType.InvalidRequest, problem.Type);
        var fault = Assert.Single(problem.Errors!);
        Assert.Equal((field, limit), (fault.Field, fault.Limit));
        Assert.NotEqual("", fault.Message);
    }

    [Fact]
    public void Every_fault_is_listed_at_once_with_the_value_given()
    {
        var problem = Refuse(
            """{"prompt":5,"width":65,"steps":0,"guidance_scale":99,"sampler":"eulr","seed":-2,"count":1e2,"colour":"red","model":"strter"}""");
        Assert.Equal(["prompt", "steps", "guidance_scale", "sampler", "seed", "count", "colour", "model"], problem.Errors!.Select(fault => fault.Field));
        Assert.Equal("""[null,0,99,"eulr",-2,1e2,null,"strter"]""",
            "[" + string.Join(",", problem.Errors!.Select(fault => fault.Value?.ToJsonString() ?? "null")) + "]");

        problem = Refuse("""{"prompt":"","width":65,"height":10,"steps":0,"schedule":"karras"}""");
        Assert.Equal(["steps", "width", "height", "schedule"], problem.Errors!.Select(fault => fault.Field));
    }

    [Theory]
    [InlineData("negativePrompt", "negative_prompt")]
    [InlineData("step", "steps")]
    [InlineData("guidence_scale", "guidance_scale")]
    [InlineData("cfg", null)]
    public void An_unknown_field_is_refused_by_name(string name, string? meant)
    {
        var fault = Assert.Single(Refuse($$"""{"prompt":"","{{name}}":1}""").Errors!);
        Assert.Equal(name, fault.Field);
        Assert.Equal(meant is null ? "There is no such field." : $"There is no such field. Did you mean '{meant}'?", fault.Message);
    }

    [Fact]
    public void A_field_given_twice_is_refused()
    {
        var fault = Assert.Single(Refuse("""{"prompt":"","steps":5,"steps":6}""").Errors!);
        Assert.Equal(("steps", "This field is given twice."), (fault.Field, fault.Message));
    }

    [Fact]
    public void A_mistyped_name_of_a_choice_is_guessed() =>
        Assert.Equal("There is no such sampler. Did you mean 'dpmpp_2m'?", Assert.Single(Refuse("""{"prompt":"","sampler":"dpmpp2m"}""").Errors!).Message);

    [Fact]
    public void A_prompt_counts_characters_not_units()
    {
        Assert.NotNull(Accepts($$"""{"prompt":"{{string.Concat(Enumerable.Repeat("🍎", 4096))}}"}"""));
        var fault = Assert.Single(Refuse($$"""{"prompt":"{{new string('a', 4097)}}"}""").Errors!);
        Assert.Equal("prompt has 4,097 characters.", fault.Message);
        Assert.Null(fault.Value);
    }

    [Theory]
    [InlineData("""a\ud83db""", "a\uFFFDb")]
    [InlineData("""\udc00""", "\uFFFD")]
    [InlineData("""\ud83c\udf4e""", "🍎")]
    [InlineData("""\ud83c\ud83c\udf4e\n\t\"\\\/\b\f\r""", "\uFFFD🍎\n\t\"\\/\b\f\r")]
    [InlineData("사과, 3d", "사과, 3d")]
    public void Lone_surrogates_become_the_replacement_character(string given, string read) =>
        Assert.Equal(read, Accepts($$"""{"prompt":"{{given}}"}""").Request.Prompt);

    [Fact]
    public void What_is_not_built_is_refused_by_name()
    {
        var problem = Refuse("""{"prompt":"<hypernet:oil:1> red apple"}""");
        Assert.Same(ProblemType.NotYetSupported, problem.Type);
        Assert.Equal("prompt", Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public void A_prompt_is_not_repeated_in_the_refusal_of_its_tags()
    {
        Assert.Null(Assert.Single(Refuse("""{"prompt":"a secret <lora:x:1>"}""").Errors!).Value);
        Assert.NotNull(Accepts("""{"prompt":"","negative_prompt":"<lora:x:1>"}"""));
    }

    [Fact]
    public void No_negative_prompt_is_told_from_an_empty_one()
    {
        Assert.Null(Accepts("""{"prompt":""}""").Request.NegativePrompt);
        Assert.Null(Accepts("""{"prompt":"","negative_prompt":null}""").Request.NegativePrompt);
        Assert.Equal("", Accepts("""{"prompt":"","negative_prompt":""}""").Request.NegativePrompt);
    }

    [Theory]
    [InlineData("prompt_2", "\"a\"")]
    [InlineData("negative_prompt_2", "\"\"")]
    [InlineData("original_size", "[64,32]")]
    [InlineData("target_size", "[64,32]")]
    [InlineData("negative_original_size", "[64,32]")]
    [InlineData("negative_target_size", "[64,32]")]
    [InlineData("crop", "[0,8]")]
    [InlineData("negative_crop", "[0,8]")]
    [InlineData("max_text_tokens", "77")]
    [InlineData("true_guidance_scale", "2")]
    [InlineData("shift", "1.5")]
    public void A_field_of_some_models_alone_is_refused_by_the_others(string name, string value)
    {
        string body = $$"""{"prompt":"","{{name}}":{{value}}}""";
        var fault = Assert.Single(Refuse(body).Errors!);
        Assert.Equal((name, $"Model 'starter' has no use for {name}."), (fault.Field, fault.Message));

        models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { ExtraFields = new HashSet<string> { name } } };
        var used = JsonSerializer.SerializeToElement(new Parameters(Accepts(body).Request, null, ReturnMode.Data));
        Assert.Equal(value, used.GetProperty(name).GetRawText());
        Assert.False(JsonSerializer.SerializeToElement(new Parameters(Accepts("""{"prompt":""}""").Request, null, ReturnMode.Data))
            .TryGetProperty(name, out _));
    }

    [Theory]
    [InlineData("original_size", "[0,1]", "two whole numbers of 1…16384")]
    [InlineData("crop", "[-1,1]", "two whole numbers of 0…16384")]
    [InlineData("target_size", "[64]", "two whole numbers of 1…16384")]
    [InlineData("target_size", "[64,64.5]", "two whole numbers of 1…16384")]
    [InlineData("negative_crop", "\"0,0\"", "two whole numbers of 0…16384")]
    public void A_pair_of_pixels_has_two_in_range(string name, string value, string limit)
    {
        models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { ExtraFields = new HashSet<string> { name } } };
        var fault = Assert.Single(Refuse($$"""{"prompt":"","{{name}}":{{value}}}""").Errors!);
        Assert.Equal((name, limit), (fault.Field, fault.Limit));
    }

    [Fact]
    public void Values_that_mean_what_is_built_pass() =>
        Assert.NotNull(Accepts("""{"prompt":"","clip_skip":0,"prompt_style":"plain","compatibility":"diffusers","upscale":null,"preview_every":5}"""));

    [Fact]
    public void A_model_says_what_a_request_leaves_out()
    {
        var request = Accepts("""{"prompt":"red apple"}""").Request;
        Assert.Equal(
            new GenerationRequest
            {
                Task = GenerationTask.Txt2img, Model = "starter", Prompt = "red apple", Width = 64, Height = 64, Steps = 20, GuidanceScale = 2.5,
                Sampler = "ddim", Eta = 0, Seed = 1234, PromptStyle = PromptStyle.Weighted,
            },
            request);
    }

    [Fact]
    public void The_server_says_what_the_model_leaves_out()
    {
        models.Models[0] = ScriptedModels.Starter with { Defaults = new(), SamplerClass = "SomethingElse" };
        var request = Accepts("""{"prompt":"","width":96}""").Request;
        Assert.Equal((20, 7.5, 96, 64), (request.Steps, request.GuidanceScale, request.Width, request.Height));
        Assert.Null(request.Sampler);
        Assert.Null(request.Eta);
    }

    [Fact]
    public void Null_stands_for_absent()
    {
        var nulls = string.Join(",", TaskSheet.Txt2Img.Fields.Where(field => !field.IsRequired).Select(field => $"\"{field.Name}\":null"));
        Assert.Equal(Accepts("""{"prompt":""}""").Request, Accepts($$"""{"prompt":"",{{nulls}}}""").Request);
    }

    [Theory]
    [InlineData("", 1234)]
    [InlineData(",\"seed\":null", 1234)]
    [InlineData(",\"seed\":-1", 1234)]
    [InlineData(",\"seed\":0", 0)]
    [InlineData(",\"seed\":9007199254740991", 9007199254740991)]
    [InlineData(",\"seed\":4.2e1", 42)]
    public void A_seed_is_taken_or_drawn(string field, long seed) => Assert.Equal(seed, Accepts($$"""{"prompt":""{{field}}}""").Request.Seed);

    [Fact]
    public void A_drawn_seed_leaves_room_for_every_picture()
    {
        Accepts("""{"prompt":"","count":8}""");
        Assert.Equal(FieldTable.MaxSeed - 7, seeds.Largest);
    }

    [Fact]
    public void Random_seeds_stay_in_range()
    {
        var seeds = new RandomSeeds();
        var drawn = Enumerable.Range(0, 1000).Select(_ => seeds.Next(FieldTable.MaxSeed)).ToList();
        Assert.All(drawn, seed => Assert.InRange(seed, 0, FieldTable.MaxSeed));
        Assert.Equal(1000, drawn.Distinct().Count());
        Assert.Contains(drawn, seed => seed > 1L << 51);
    }

    [Theory]
    [InlineData("ddim", "karras", "default, simple, sgm_uniform")]
    [InlineData("lcm", "karras", "default, lcm")]
    [InlineData("euler", "lcm", "default, karras, exponential")]
    [InlineData("edm_euler", "beta", "default, karras, exponential")]
    public void A_combination_without_meaning_lists_those_that_have_one(string sampler, string schedule, string limit)
    {
        var fault = Assert.Single(Refuse($$"""{"prompt":"","sampler":"{{sampler}}","schedule":"{{schedule}}"}""").Errors!);
        Assert.Equal("schedule", fault.Field);
        Assert.Contains(limit, fault.Limit);
    }

    [Theory]
    [InlineData("lcm")]
    [InlineData("tcd")]
    public void A_distilled_sampler_has_as_many_steps_as_its_model_was_trained_on(string sampler)
    {
        var fault = Assert.Single(Refuse($$"""{"prompt":"","steps":51,"sampler":"{{sampler}}"}""").Errors!);
        Assert.Equal(("steps", "1…50", "51"), (fault.Field, fault.Limit, fault.Value?.ToJsonString()));
        Assert.Equal(50, Accepts($$"""{"prompt":"","steps":50,"sampler":"{{sampler}}"}""").Request.Steps);

        models.Models[0] = ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "steps": 60 }""") };
        var order = Accepts($$"""{"prompt":"","sampler":"{{sampler}}"}""");
        Assert.Equal((50, 1), (order.Request.Steps, order.Warnings.Count));
    }

    [Fact]
    public void A_model_whose_graphs_have_one_size_takes_no_other()
    {
        models.Models[0] = ScriptedModels.Starter with { FixedSize = new(64, 96), MaxSize = 96, NativeSize = 96, SizeStep = 32 };
        var faults = Refuse("""{"prompt":"","width":96,"height":64}""").Errors!;
        Assert.Equal([("width", "64"), ("height", "96")], faults.Select(fault => (fault.Field, fault.Limit!)));
        Assert.Contains("takes 64 x 96 pixels alone", faults[0].Message, StringComparison.Ordinal);
        Assert.Equal((64, 96), (Accepts("""{"prompt":""}""").Request.Width, Accepts("""{"prompt":"","width":64,"height":96}""").Request.Height));
    }

    [Theory]
    [InlineData("Euler a", "euler_ancestral")]
    [InlineData("DPM++ 2M SDE", "dpmpp_2m_sde")]
    [InlineData("dpm++ 2m", "dpmpp_2m")]
    [InlineData("PLMS", "pndm")]
    [InlineData("UniPCMultistepScheduler", "unipc")]
    [InlineData("EulerDiscrete", "euler")]
    [InlineData("uni_pc", "unipc")]
    public void A_sampler_is_known_by_what_other_programs_call_it(string given, string name) =>
        Assert.Equal(name, Accepts($$"""{"prompt":"","sampler":"{{given}}"}""").Request.Sampler);

    [Fact]
    public void A_models_own_schedule_gives_way_to_a_sampler_that_cannot_follow_it()
    {
        models.Models[0] = ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "sampler": "euler", "schedule": "karras" }""") };
        Assert.Equal("karras", Accepts("""{"prompt":""}""").Request.Schedule);
        Assert.Null(Accepts("""{"prompt":"","sampler":"ddim"}""").Request.Schedule);
    }

    [Fact]
    public void A_combination_whose_result_is_known_to_be_bad_is_a_warning()
    {
        Assert.Contains("unstable", Assert.Single(Accepts("""{"prompt":"","sampler":"lms","schedule":"linear_quadratic"}""").Warnings));
        Assert.Empty(Accepts("""{"prompt":"","sampler":"lms","schedule":"karras"}""").Warnings);
    }

    [Fact]
    public void Eta_without_meaning_is_left_out_and_said_to_be()
    {
        var order = Accepts("""{"prompt":"","sampler":"euler","eta":0.5}""");
        Assert.Null(order.Request.Eta);
        Assert.Equal("eta was left out: sampler 'euler' has no such parameter", Assert.Single(order.Warnings));
        Assert.Equal(0.5, Accepts("""{"prompt":"","eta":0.5}""").Request.Eta);
        Assert.Equal(1, Accepts("""{"prompt":"","sampler":"euler_ancestral"}""").Request.Eta);
    }

    [Fact]
    public void A_changed_model_is_said_to_be()
    {
        Assert.Empty(Accepts($$"""{"prompt":"","model_hash":"{{ScriptedModels.Hash}}"}""").Warnings);
        Assert.StartsWith("model_hash differs", Assert.Single(Accepts("""{"prompt":"","model_hash":"00"}""").Warnings));
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 4, false)]
    [InlineData(0, 1, false)]
    [InlineData(null, 11, true)]
    public void Text_layers_left_out_are_at_most_what_the_model_has(int? allowed, int asked, bool accepted)
    {
        models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { MaxClipSkip = allowed } };
        string body = $$"""{"prompt":"","clip_skip":{{asked}}}""";
        if (accepted)
        {
            Assert.Equal(asked, Accepts(body).Request.ClipSkip);
            return;
        }
        var fault = Assert.Single(Refuse(body).Errors!);
        Assert.Equal("clip_skip", fault.Field);
        Assert.Equal($"0…{allowed}", fault.Limit);
    }

    [Fact]
    public void A_models_default_that_its_text_encoder_does_not_allow_is_left_out_and_said_to_be()
    {
        models.Models[0] = ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "clip_skip": 2 }"""), Capabilities = new() { MaxClipSkip = 1 } };
        var order = Accepts("""{"prompt":""}""");
        Assert.Equal(0, order.Request.ClipSkip);
        Assert.Contains("clip_skip", Assert.Single(order.Warnings));
    }

    [Fact]
    public void A_picture_answer_decides_the_format()
    {
        Assert.Equal(PictureFormat.Webp, Accepts("""{"prompt":""}""", "image/webp").Request.Format);
        Assert.Equal(PictureFormat.Jpeg, Accepts("""{"prompt":"","format":"jpeg"}""", "image/*").Request.Format);
        Assert.Equal(["format", "count", "return"],
            Refuse("""{"prompt":"","format":"png","count":2,"return":"url"}""", "image/webp").Errors!.Select(fault => fault.Field));
    }

    [Fact]
    public void Models_that_cannot_run_are_told_apart()
    {
        Assert.Same(ProblemType.ModelNotFound, Refuse("""{"prompt":"","model":"nothing"}""").Type);
        models.States["starter"] = new(ModelState.Failed, "unet/model.onnx is cut short");
        var problem = Refuse("""{"prompt":""}""");
        Assert.Same(ProblemType.ModelFailed, problem.Type);
        Assert.Contains("unet/model.onnx is cut short", problem.Detail);
        models.Models[0] = new() { Id = "starter", Title = "", Fault = "vae_decoder is missing" };
        Assert.Contains("vae_decoder is missing", Refuse("""{"prompt":"","width":64}""").Detail);
        models.Models.Clear();
        Assert.Same(ProblemType.NoModel, Refuse("""{"prompt":""}""").Type);
    }

    [Fact]
    public void A_model_on_its_way_is_waited_for()
    {
        models.States["starter"] = new(ModelState.Loading);
        Assert.NotNull(Accepts("""{"prompt":""}"""));
    }

    [Theory]
    [InlineData("DDIMScheduler", null, "ddim")]
    [InlineData("EulerDiscreteScheduler", null, "euler")]
    [InlineData("DPMSolverMultistepScheduler", null, "dpmpp_2m")]
    [InlineData("DPMSolverMultistepScheduler", "sde-dpmsolver++", "dpmpp_2m_sde")]
    [InlineData("DPMSolverMultistepScheduler", "dpmsolver", null)]
    [InlineData("PNDMScheduler", null, null)]
    public void A_models_own_sampler_has_the_name_that_changes_nothing(string type, string? algorithm, string? name)
    {
        var model = ScriptedModels.Starter with { SamplerClass = type, SamplerConfig = new SamplerConfig { AlgorithmType = algorithm } };
        Assert.Equal(name, SamplerNames.Of(model));
    }

    [Theory]
    [InlineData("[a|b|c|d] fox", null, "prompt", 5, "at most 4 chunks in all different texts")]
    [InlineData("a BREAK b BREAK c", null, "prompt", 6, "at most 4 chunks in all different texts")]
    [InlineData("a fox", "[a|b|c|d]", "negative_prompt", 5, "at most 4 chunks in all different texts")]
    public void Prompt_of_more_texts_than_are_encoded_is_refused_with_what_it_comes_to(
        string prompt, string? negative, string field, int chunks, string limit)
    {
        limits = new() { TextChunks = 4 };
        var body = JsonSerializer.Serialize(new Dictionary<string, string?> { ["prompt"] = prompt, ["negative_prompt"] = negative ?? "" });
        var fault = Assert.Single(Refuse(body).Errors!);
        Assert.Equal((field, limit, chunks.ToString()), (fault.Field, fault.Limit, fault.Value!.ToJsonString()));
        limits = new() { TextChunks = chunks };
        Accepts(body);
    }

    [Fact]
    public void Prompt_that_takes_more_memory_than_texts_may_is_refused_with_what_it_takes()
    {
        limits = new() { TextMiB = 1 };
        var fault = Assert.Single(Refuse("""{"prompt":"BREAK BREAK BREAK"}""").Errors!);
        Assert.Equal(("prompt", "at most 1 MiB of encoded texts", "3"), (fault.Field, fault.Limit, fault.Value!.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"prompt":"","steps":150,"count":8,"width":96,"height":96}""", "steps", 11.1, "at most 10 megapixel-steps")]
    [InlineData("""{"prompt":"","count":8,"width":96,"height":96,"upscale":{"scale":8}}""", "upscale", 80, "at most 50 tiles")]
    public void Request_of_more_work_than_is_run_is_refused_with_what_it_comes_to(string body, string field, double value, string limit)
    {
        limits = new() { MegapixelSteps = 10, Tiles = 50 };
        var fault = Assert.Single(Refuse(body).Errors!);
        double given = double.Parse(fault.Value!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((field, limit, value), (fault.Field, fault.Limit, given));
        limits = new();
        Accepts(body);
    }

    [Fact]
    public void Upscaling_that_a_model_asks_for_counts_like_one_of_the_request()
    {
        models.Models[0] = ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "upscale": { "scale": 4 } }""") };
        limits = new() { Tiles = 7 };
        Assert.Equal("upscale", Assert.Single(Refuse("""{"prompt":"","count":8}""").Errors!).Field);
        Accepts("""{"prompt":"","count":8,"upscale":null}""");
    }

    private ValidOrder Accepts(string body, string? accept = null)
    {
        var validated = Validate(body, accept);
        Assert.True(validated.Order is not null, validated.Failure?.Detail);
        return validated.Order;
    }

    private Problem Refuse(string body, string? accept = null)
    {
        var validated = Validate(body, accept);
        Assert.Null(validated.Order);
        return FailureTable.Of(validated.Failure!);
    }

    private Validated Validate(string body, string? accept)
    {
        var headers = new HeaderDictionary();
        if (accept is not null) headers["Accept"] = accept;
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(models, new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), seeds, limits, new WebhookRules(null))
            .Validate(NativeOrder.Read(TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers).Order);
    }
}
