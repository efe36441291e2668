using System.Text.Json;
using Darkroom.Diffusion.Guidance;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Models.Graphs;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Fields;
using Darkroom.Storage.Rows;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>What is written is what is read, of every kind of request and every end.</summary>
public sealed class StoredJsonTests : StoreContract<SqliteStore>
{
    private static readonly GenerationRequest Full = Requests.Plain with
    {
        Prompt = "a \"quoted\" cat, ünïcödé 🐈\n\u0001", NegativePrompt = "", Prompt2 = "second", NegativePrompt2 = "no second", OriginalSize = new(1, 2),
        TargetSize = new(3, 4), Crop = new(5, 6), NegativeOriginalSize = new(7, 8), NegativeTargetSize = new(9, 10), NegativeCrop = new(11, 12),
        GuidanceScale = 7.3, EmbedsGuidance = true, TrueGuidanceScale = 2.5, ImageGuidanceScale = 1.25, ClassLabel = 7, Shift = 3, MaxTextTokens = 128,
        GuidanceRescale = 0.1, GuidanceInterval = new GuidanceInterval(0.1, 0.7, IncludesEnd: true), Sampler = "dpmpp_2m",
        Schedule = "karras", Eta = 0.3, SChurn = 1.5, STmin = 0.25, STmax = 9, SNoise = 1.05, VariationSeed = 5, VariationStrength = 0.4,
        SeedResize = new(13, 14), NoiseSeedOffset = 31337, Seed = (1L << 53) - 1, Count = 8, NoiseSource = NoiseSource.TorchCuda, ClipSkip = 2,
        PromptStyle = PromptStyle.Plain, Compatibility = Compatibility.A1111, Format = PictureFormat.Webp, Quality = 77, Metadata = false,
        Upscale = new UpscaleOrder("up", 2.5, 256, 16), Caller = "ann", Priority = JobPriority.High, Deadline = 12.5, PreviewEvery = 3,
        Cache = new CacheOrder(CacheMethod.Easycache, 0.125),
    };

    public static TheoryData<GenerationTask> Tasks => [.. Enum.GetValues<GenerationTask>()];

    public static TheoryData<JobFailureKind> Failures => [.. Enum.GetValues<JobFailureKind>()];

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task Every_kind_of_request_survives_a_restart(GenerationTask task)
    {
        var request = Full with
        {
            Task = task,
            Edit = task == GenerationTask.Txt2img ? null : new PictureEdit
            {
                Picture = new("input", 640, 480), Strength = 0.65, Fit = ResizeMode.Pad,
                Mask = task != GenerationTask.Inpaint ? null : new MaskEdit
                {
                    Picture = new("mask", 64, 48), Reading = MaskMode.Alpha, Blur = 1.5, Grow = 3, Fill = MaskFill.Noise, OnlyMasked = true, Padding = 9,
                    KeepsPictureSize = false,
                },
                Extension = task != GenerationTask.Outpaint ? null : new CanvasExtension(1, 2, 3, 4, 5),
            },
        };
        var store = Open();
        await AddAsync(store, Job.Admit("a", request, ["a warning"], Noon));
        store = Reopen(store);
        var found = await JobAsync(store, "a");
        Assert.Equal(request, found.Request);
        Assert.Equal(Noon, found.CreatedAt);
        Assert.Equal(["a warning"], found.Warnings);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Every_failure_survives_a_restart(JobFailureKind kind)
    {
        var store = Open();
        await AddAsync(store, "a");
        var failed = await AppliedAsync(store, "a", null, new JobCommand.Fail(new(kind, "A sentence.")));
        Same.Job(failed, await JobAsync(Reopen(store), "a"));
    }

    [Fact]
    public async Task Results_and_pace_survive_a_restart()
    {
        var result = new JobResult(
            [new GeneratedImage(0, 5, 512, 768, PictureFormat.Jpeg, 1234, "hash", "artifact"), new GeneratedImage(1, 6, 1, 2, PictureFormat.Png, 3, "h", "b")],
            ["odd"], new JobTimings(0.1, 2.25, 3, 4, 1e-9, 20, 1.5), "model");
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        for (int step = 1; step <= 3; step++)
        {
            Clock.Move(TimeSpan.FromTicks(12_345_678_901)); // to the last digit
            await store.ReportAsync("a", job.Attempt, step, null, Cancellation);
        }
        var done = await AppliedAsync(store, "a", job.Attempt, new JobCommand.Succeed(result));
        Assert.NotNull(done.Progress.Pace);
        var events = await EventsAsync(store, "a");
        store = Reopen(store);
        Same.Job(done, await JobAsync(store, "a"));
        Assert.Equal(events, await EventsAsync(store, "a"));
    }

    [Fact]
    public async Task What_was_found_of_a_picture_survives_a_restart()
    {
        var image = new GeneratedImage(0, 5, 64, 64, PictureFormat.Png, 1234, "hash", "artifact") { Attributions = [new("fox", ["f", "ox"], 0.25, "map")] };
        var result = new JobResult([image], [], new JobTimings(0, 0, 0, 0, 0, 1, 1), "model")
        {
            Finding = new()
            {
                Noise = new(0.1, 0.5), Classification = new([new("a", 0.25, 0, 1, 8), new("b", 0.5, 0.125, 0, 8)], 0, 0.75, 16),
                Likelihood = new(-12.5, 0.25, 4096, true), Features = new([new("mid_block", [256, 4, 4])], "file", "sum", 99),
            },
        };
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        await AppliedAsync(store, "a", job.Attempt, new JobCommand.Succeed(result));
        var found = (await JobAsync(Reopen(store), "a")).Result!;
        Assert.Equal(JsonSerializer.Serialize(result), JsonSerializer.Serialize(found));
        Assert.Equal(["artifact", "map", "file"], found.Artifacts);
    }

    /// <summary>A renamed property would be read as its default by the next version: this is what was released.</summary>
    [Fact]
    public void Names_are_those_that_were_released()
    {
        string json = JsonSerializer.Serialize(Full with
        {
            Prompt = "p",
            Loras = [new LoraOrder("detail", 0.5, 0.25, "sum")],
            Embeddings = [new EmbeddingOrder("toy", "sum")],
            EmbeddingTokens = 6,
            Vae = new VaeOrder("fine", "sum"),
            Tiling = WrapAxes.X,
            Explain = ["p"],
            Denoise = new DenoiseOrder(0.1, 0.5),
            Classify = new ClassifyOrder(["a", "b"], true, [5]),
            Likelihood = new LikelihoodOrder(4),
            Features = new FeaturesOrder(261, ["mid_block"]),
            Hires = new HiresOrder
            {
                Width = 96, Height = 96, Scale = 1.5, Steps = 10, Strength = 0.5, Prompt = "q", NegativePrompt = "", Sampler = "euler", Eta = 0.25,
            },
            Controls = [new ControlOrder { Model = "canny", Picture = new("c", 5, 6), Weight = 1.5, Start = 0.1, End = 0.9, Guess = true }],
            Edit = new PictureEdit
            {
                Picture = new("i", 1, 2) { IsArray = true, Bits = 16 }, Strength = 1,
                Mask = new MaskEdit { Picture = new("m", 3, 4) }, Extension = new CanvasExtension(1, 2, 3, 4, 5),
            },
        }, StoredJson.Default.GenerationRequest);
        Assert.Equal(
            """
            {"task":"txt2img","model":"m","prompt":"p","negative_prompt":"","prompt2":"second","negative_prompt2":"no second","original_size":{"x":1,"y":2},
            "target_size":{"x":3,"y":4},"crop":{"x":5,"y":6},"negative_original_size":{"x":7,"y":8},"negative_target_size":{"x":9,"y":10},
            "negative_crop":{"x":11,"y":12},"width":64,"height":64,"steps":4,"guidance_scale":7.3,"embeds_guidance":true,
            "true_guidance_scale":2.5,"image_guidance_scale":1.25,"class_label":7,"shift":3,
            "loras":[{"id":"detail","weight":0.5,"text_weight":0.25,"hash":"sum"}],
            "embeddings":[{"id":"toy","hash":"sum"}],"embedding_tokens":6,"vae":{"id":"fine","hash":"sum"},"max_text_tokens":128,
            "guidance_rescale":0.1,
            "guidance_interval":{"from":0.1,"to":0.7,"includes_end":true},"cache":{"method":"easycache","threshold":0.125},
            "sampler":"dpmpp_2m","schedule":"karras","eta":0.3,
            "s_churn":1.5,"s_tmin":0.25,"s_tmax":9,"s_noise":1.05,"seed":9007199254740991,"variation_seed":5,"variation_strength":0.4,
            "seed_resize":{"x":13,"y":14},"noise_seed_offset":31337,"count":8,
            "noise_source":"torch_cuda","clip_skip":2,"prompt_style":"plain","compatibility":"a1111",
            "format":"webp","bit_depth":8,"channels":3,"quality":77,"metadata":false,
            "edit":{"picture":{"input_id":"i","width":1,"height":2,"is_array":true,"bits":16},"strength":1,
            "shows_picture":false,"rule":"rounds_down","noise_multiplier":1,"fit":"crop","mask":{"picture":{"input_id":"m","width":3,
            "height":4,"is_array":false,"bits":8},"reading":"white","blur":4,"grow":0,"fill":"original","only_masked":false,"padding":32,
            "keeps_picture_size":true},
            "extension":{"left":1,"right":2,"up":3,"down":4,"feather":5}},"tiling":"x","explain":["p"],
            "controls":[{"model":"canny","picture":{"input_id":"c","width":5,"height":6,"is_array":false,"bits":8},
            "weight":1.5,"start":0.1,"end":0.9,"guess":true}],
            "hires":{"width":96,"height":96,"scale":1.5,"upscaler":"latent","steps":10,"strength":0.5,"rule":"rounds_down",
            "counting":"diffusers","prompt":"q","negative_prompt":"","sampler":"euler","eta":0.25},
            "upscale":{"model":"up","scale":2.5,"tile":256,"overlap":16},"denoise":{"noise":0.1,"strength":0.5},
            "classify":{"candidates":["a","b"],"are_classes":true,"timesteps":[5]},"likelihood":{"probes":4},
            "features":{"timestep":261,"layers":["mid_block"]},"caller":"ann",
            "priority":"high","deadline":12.5,"preview_every":3}
            """.ReplaceLineEndings(""), json);
    }

    /// <summary>A number would be another name as soon as one is put before it.</summary>
    [Fact]
    public void Every_choice_of_a_request_is_written_by_its_name()
    {
        var (seen, choices) = (new HashSet<Type>(), new List<Type>());
        Visit(typeof(GenerationRequest));
        Assert.Contains(typeof(StrengthRule), choices);
        Assert.All(choices, type => Assert.Equal('"', JsonSerializer.Serialize(Enum.GetValues(type).GetValue(0), type, StoredJson.Default.Options)[0]));

        void Visit(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (!seen.Add(type)) return;
            if (type.IsEnum) choices.Add(type);
            foreach (var argument in type.GetGenericArguments()) Visit(argument);
            if (type.Assembly.GetName().Name!.StartsWith("Darkroom.", StringComparison.Ordinal) && !type.IsEnum)
                foreach (var property in type.GetProperties().Where(property => property.CanWrite)) Visit(property.PropertyType);
        }
    }

    [Theory]
    [InlineData(JobEnds.Failed, "failed")]
    [InlineData(JobEnds.Succeeded | JobEnds.Expired, "succeeded, expired")]
    [InlineData(JobEnds.All, "all")]
    public void Webhooks_have_the_names_that_were_released(JobEnds events, string names)
    {
        var request = Requests.Plain with { Webhook = new("https://a.example/x?y=1", events) };
        string json = JsonSerializer.Serialize(request, StoredJson.Default.GenerationRequest);
        Assert.Contains($$$""""webhook":{"url":"https://a.example/x?y=1","events":"{{{names}}}"}"""", json);
        Assert.Equal(request, JsonSerializer.Deserialize(json, StoredJson.Default.GenerationRequest));
    }

    [Fact]
    public void Trace_of_a_request_has_the_name_that_was_released_and_an_older_row_has_none()
    {
        var request = Requests.Plain with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        string json = JsonSerializer.Serialize(request, StoredJson.Default.GenerationRequest);
        Assert.Contains(""","trace_parent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",""", json);
        Assert.Equal(request, JsonSerializer.Deserialize(json, StoredJson.Default.GenerationRequest));
        string older = JsonSerializer.Serialize(Requests.Plain, StoredJson.Default.GenerationRequest);
        Assert.DoesNotContain("trace_parent", older);
        Assert.Null(JsonSerializer.Deserialize(older, StoredJson.Default.GenerationRequest)!.TraceParent);
    }

    [Fact]
    public void Names_of_a_later_version_are_passed_over()
    {
        string json = JsonSerializer.Serialize(Requests.Plain, StoredJson.Default.GenerationRequest);
        Assert.Equal(Requests.Plain, JsonSerializer.Deserialize("{\"later\":[1]," + json[1..], StoredJson.Default.GenerationRequest));
    }
}
