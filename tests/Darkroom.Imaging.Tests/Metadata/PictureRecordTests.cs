using System.Buffers.Binary;
using System.Text;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Metadata.Tools;

namespace Darkroom.Imaging.Tests.Metadata;

/// <summary>What other tools write, in the form in which they write it.</summary>
public sealed class PictureRecordTests
{
    private const string Swarm =
        """
        {"sui_image_params":{"prompt":"a cat","negativeprompt":"dog","model":"xl/base",
         "seed":1,"steps":20,"cfgscale":7.0,"width":1024,"height":768,"sampler":"euler"},"sui_extra_data":{"date":"x"}}
        """;
    private const string FooocusJson =
        """
        {"prompt":"a cat","negative_prompt":"dog","steps":30,"resolution":"(1024, 768)","guidance_scale":4,
         "base_model":"juggernaut","base_model_hash":"ab12","sampler":"dpmpp_2m_sde_gpu","scheduler":"karras","seed":"1","version":"Fooocus v2.5.5"}
        """;
    private const string NovelComment = """{"steps": 28, "height": 1216, "width": 832, "scale": 5.0, "seed": 1, "sampler": "k_euler_ancestral", "uc": "dog"}""";
    private const string Graph = """
        {"3":{"class_type":"KSampler","inputs":{"seed":1,"steps":20,"cfg":8.0,"sampler_name":"euler","scheduler":"normal","denoise":1.0,
         "model":["10",0],"positive":["6",0],"negative":["7",0],"latent_image":["5",0]}},
         "10":{"class_type":"LoraLoader","inputs":{"lora_name":"x","model":["4",0],"clip":["4",1]}},
         "4":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"v1-5.safetensors"},"is_changed":[NaN]},
         "5":{"class_type":"EmptyLatentImage","inputs":{"width":512,"height":768,"batch_size":1}},
         "6":{"class_type":"CLIPTextEncode","inputs":{"text":["12",0],"clip":["4",1]}},"12":{"class_type":"PrimitiveString","inputs":{"value":"a cat"}},
         "7":{"class_type":"CLIPTextEncode","inputs":{"text":"dog","clip":["4",1]}},"9":{"class_type":"SaveImage","inputs":{"images":["8",0]}}}
        """;
    private const string FluxGraph = """
        {"13":{"class_type":"SamplerCustomAdvanced","inputs":{"noise":["25",0],"guider":["22",0],"sampler":["16",0],"sigmas":["17",0],"latent_image":["27",0]}},
         "25":{"class_type":"RandomNoise","inputs":{"noise_seed":1}},"22":{"class_type":"BasicGuider","inputs":{"model":["12",0],"conditioning":["26",0]}},
         "26":{"class_type":"FluxGuidance","inputs":{"guidance":3.5,"conditioning":["6",0]}},"6":{"class_type":"CLIPTextEncode","inputs":{"text":"a cat"}},
         "16":{"class_type":"KSamplerSelect","inputs":{"sampler_name":"euler"}},
         "17":{"class_type":"BasicScheduler","inputs":{"scheduler":"simple","steps":20,"denoise":0.6,"model":["12",0]}},
         "12":{"class_type":"UNETLoader","inputs":{"unet_name":"flux1-dev"}},"27":{"class_type":"EmptySD3LatentImage","inputs":{"width":512,"height":768}}}
        """;
    private const string Workflow = """{"nodes":[{"id":1}],"links":[],"version":0.4}""";
    private const string Invoke =
        """
        {"generation_mode":"txt2img","positive_prompt":"a cat","negative_prompt":"dog","width":512,"height":768,"seed":1,"cfg_scale":7.5,
         "steps":30,"scheduler":"euler","model":{"key":"k","hash":"h","name":"dreamshaper"},"app_version":"5.0.0"}
        """;
    private const string OldInvoke =
        """
        {"model":"stable diffusion","app_id":"invoke-ai/InvokeAI","image":{"prompt":[{"prompt":"a cat","weight":1}],
         "steps":50,"cfg_scale":7.5,"seed":1,"width":512,"height":768,"sampler":"k_lms"}}
        """;
    private const string Steps = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 512x768";

    public static TheoryData<string, string[], string, string, string> Files => new()
    {
        // Tool, texts of a PNG, prompt, negative prompt, fields.
        { GeneratorTools.SwarmUi, ["parameters", Swarm], "a cat", "dog", "Steps: 20, Sampler: euler, CFG scale: 7.0, Seed: 1, Size: 1024x768, Model: xl/base" },
        { GeneratorTools.Fooocus, ["fooocus_scheme", "fooocus", "parameters", FooocusJson], "a cat", "dog",
            "Steps: 30, Sampler: dpmpp_2m_sde_gpu, Schedule type: karras, CFG scale: 4, Seed: 1, Size: 1024x768, Model hash: ab12, "
                + "Model: juggernaut, Version: Fooocus v2.5.5" },
        { GeneratorTools.Fooocus, ["parameters", Steps + ", Version: Fooocus v2.5.5", "fooocus_scheme", "a1111"], "a cat", "dog",
            "Steps: 20, Sampler: Euler a, Seed: 1, Size: 512x768, Version: Fooocus v2.5.5" },
        { GeneratorTools.InvokeAi, ["invokeai_metadata", Invoke, "invokeai_graph", "{}"], "a cat", "dog",
            "Steps: 30, Sampler: euler, CFG scale: 7.5, Seed: 1, Size: 512x768, Model hash: h, Model: dreamshaper, Version: 5.0.0" },
        { GeneratorTools.InvokeAi, ["Dream", "\"a cat\" -s 50", "sd-metadata", OldInvoke], "a cat", "",
            "Steps: 50, Sampler: k_lms, CFG scale: 7.5, Seed: 1, Size: 512x768" },
        { GeneratorTools.NovelAi, ["Title", "AI generated image", "Description", "a cat", "Software", "NovelAI", "Source", "NovelAI Diffusion V3",
            "Comment", NovelComment], "a cat", "dog",
            "Steps: 28, Sampler: k_euler_ancestral, CFG scale: 5.0, Seed: 1, Size: 832x1216, Model: NovelAI Diffusion V3" },
        { GeneratorTools.ComfyUi, ["prompt", Graph, "workflow", Workflow], "a cat", "dog",
            "Steps: 20, Sampler: euler, Schedule type: normal, CFG scale: 8.0, Seed: 1, Size: 512x768, Model: v1-5.safetensors" },
        { GeneratorTools.ComfyUi, ["prompt", FluxGraph], "a cat", "",
            "Steps: 20, Sampler: euler, Schedule type: simple, Seed: 1, Size: 512x768, Model: flux1-dev, Denoising strength: 0.6" },
        { GeneratorTools.ComfyUi, ["workflow", Workflow], "", "", "" },
        { GeneratorTools.StabilityMatrix, ["parameters", Steps, "parameters-json", "{}"], "a cat", "dog",
            "Steps: 20, Sampler: Euler a, Seed: 1, Size: 512x768" },
        { GeneratorTools.Forge, ["parameters", Steps + ", Version: f2.0.1v1.10.1-previous-1"], "a cat", "dog",
            "Steps: 20, Sampler: Euler a, Seed: 1, Size: 512x768, Version: f2.0.1v1.10.1-previous-1" },
        { GeneratorTools.SdNext, ["parameters", Steps + ", App: SD.Next"], "a cat", "dog",
            "Steps: 20, Sampler: Euler a, Seed: 1, Size: 512x768, App: SD.Next" },
        { GeneratorTools.Darkroom, ["parameters", Steps + ", Version: Darkroom"], "a cat", "dog",
            "Steps: 20, Sampler: Euler a, Seed: 1, Size: 512x768, Version: Darkroom" },
        { GeneratorTools.A1111, ["parameters", Steps + ", Version: v1.10.1"], "a cat", "dog",
            "Steps: 20, Sampler: Euler a, Seed: 1, Size: 512x768, Version: v1.10.1" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Tool_and_values_are_read_and_every_text_is_shown(string tool, string[] texts, string prompt, string negative, string fields)
    {
        var record = PictureMetadata.Read(Png(texts));
        Assert.Equal(tool, record.Tool);
        Assert.Equal((prompt, negative), (record.Parameters.Prompt, record.Parameters.NegativePrompt));
        Assert.Equal(fields, string.Join(", ", record.Parameters.Fields.Select(field => $"{field.Key}: {field.Value}")));
        // What is not in info is in the texts.
        for (int i = 0; i < texts.Length; i += 2)
            if (record.Info != texts[i + 1]) Assert.Equal(texts[i + 1], record.Texts[texts[i]]);
        if (prompt.Length > 0) Assert.StartsWith(prompt, record.Info, StringComparison.Ordinal);
        Assert.Contains(tool, GeneratorTools.Names);
    }

    [Fact]
    public void Comfys_webp_has_its_graphs_in_exif_and_novels_and_swarms_their_json_in_the_comment()
    {
        byte[] comfy = Exif(null, (0x010F, "workflow:" + Workflow), (0x0110, "prompt:" + Graph));
        byte[] novel = Exif("""{"Comment":"{\"uc\":\"dog\",\"steps\":28}","Description":"a cat","Software":"NovelAI"}""", (0x0131, "NovelAI"));
        foreach (var (exif, tool, texts) in new[] { (comfy, GeneratorTools.ComfyUi, new[] { "workflow", "prompt" }),
            (novel, GeneratorTools.NovelAi, ["UserComment", "Software"]), (Exif(Swarm), GeneratorTools.SwarmUi, ["UserComment"]) })
            foreach (byte[] file in new[] { Webp(exif), Jpeg(exif), [.. PictureInfo.PngSignature, .. Chunk("eXIf", exif)] })
            {
                var record = PictureMetadata.Read(file);
                Assert.Equal((tool, "a cat", "dog"), (record.Tool, record.Parameters.Prompt, record.Parameters.NegativePrompt));
                Assert.Equal(texts, record.Texts.Keys);
            }
    }

    [Fact]
    public void Texts_of_no_tool_are_shown_too()
    {
        byte[] jpeg = [0xFF, 0xD8, .. Segment(0xFE, [.. "made by hand, é"u8]),
            .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(null, (0x0131, "GIMP 2.10"), (0x010E, "A cat"))]), 0xFF, 0xDA];
        var record = PictureMetadata.Read(jpeg);
        Assert.Equal((null, ""), (record.Tool, record.Info));
        Assert.Equal([new("Comment", "made by hand, é"), new("ImageDescription", "A cat"), new("Software", "GIMP 2.10")], record.Texts);
        Assert.Empty(PictureMetadata.Read("no picture"u8).Texts);
    }

    [Theory]
    [InlineData("""{"3":{"class_type":"KSampler","inputs":{"seed":["3",0],"steps":["3",0],"positive":["3",0],"model":["3",0],"latent_image":["3",0]}}}""")]
    [InlineData(
        """
        {"3":{"class_type":"KSampler","inputs":{"seed":["4",0],"positive":["9",0]}},"4":{"class_type":"A","inputs":{"value":["5",0],"seed":["5",0]}},
         "5":{"class_type":"B","inputs":{"value":["4",0],"string":["4",0]}}}
        """)]
    [InlineData(
        """
        {"3":{"class_type":"KSampler","inputs":[]},"4":{"class_type":"KSampler","inputs":{"seed":[]}},
         "5":{"class_type":"KSampler","inputs":{"seed":{},"noise":[1,2]}}}
        """)]
    [InlineData("""{"3":{"class_type":"KSampler"}}""")]
    [InlineData("""{"3":{"class_type":"KSampler","inputs":{"seed":1,"positive":["6",0]}},"6":{"class_type":"T","inputs":{"text":"half \ud83d"}}}""")]
    public void Graph_that_leads_in_circles_or_nowhere_gives_no_values(string graph)
    {
        var record = PictureMetadata.Read(Png(["prompt", graph]));
        Assert.Equal(GeneratorTools.ComfyUi, record.Tool);
        Assert.Equal("", record.Parameters.Prompt);
        Assert.Equal(graph, record.Texts["prompt"]);
    }

    [Fact]
    public void Many_and_large_texts_are_read_up_to_a_bound()
    {
        string[] many = [.. Enumerable.Range(0, 900).SelectMany(i => new[] { $"key {i}", new string('x', 100_000) })];
        var record = PictureMetadata.Read(Png(many));
        Assert.InRange(record.Texts.Values.Sum(text => text.Length), 1_000_000, 4 << 20);
        Assert.InRange(record.Texts.Count, 1, 64);
        Assert.Equal(64, PictureMetadata.Read(Png([.. Enumerable.Range(0, 900).SelectMany(i => new[] { $"key {i}", "x" })])).Texts.Count);
    }

    [Fact]
    public void Utf8_in_a_latin1_chunk_is_read_as_what_it_is_and_latin1_as_latin1()
    {
        byte[] Raw(byte[] text) => [.. PictureInfo.PngSignature, .. Chunk("tEXt", [.. "parameters\0"u8, .. text])];
        Assert.Equal("雪の狐, é", PictureMetadata.ReadParameters(Raw([.. "雪の狐, é"u8])));
        Assert.Equal("caf\u00E9", PictureMetadata.ReadParameters(Raw([.. "caf"u8, 0xE9])));
        Assert.Equal("cafe", PictureMetadata.ReadParameters(Raw([.. "cafe"u8])));
        // Latin-1 that looks like UTF-8 comes back from our own files.
        foreach (string text in new[] { "Ã©", "Â°C", "é", "Ã" })
            Assert.Equal(text, PictureMetadata.ReadParameters(PictureEncoder.Encode(TestPictures.Slopes(8, 8, 3), PictureFormat.Png, 90, text)));
    }

    [Fact]
    public void Upscaled_picture_keeps_what_it_was_made_of_and_says_what_was_done()
    {
        KeyValuePair<string, string>[] done = [new("Postprocess upscale by", "4"), new("Postprocess upscaler", "x4")];
        PictureRecord Again(params string[] texts) =>
            PictureMetadata.Read(PictureEncoder.Encode(TestPictures.Slopes(8, 8, 3), PictureFormat.Png, 90,
                PictureMetadata.Read(Png(texts)).Extended(done, new("Version", "Darkroom"))));
        Assert.Equal(Steps + ", Postprocess upscale by: 4, Postprocess upscaler: x4", Again("parameters", Steps + "\n").Info);
        var bare = Again("parameters", "a cat");
        Assert.Equal(("a cat\nPostprocess upscale by: 4, Postprocess upscaler: x4, Version: Darkroom", "a cat"), (bare.Info, bare.Parameters.Prompt));
        var photo = Again();
        Assert.Equal(("", "4", GeneratorTools.Darkroom), (photo.Parameters.Prompt, photo.Parameters.Fields["Postprocess upscale by"], photo.Tool));

        var comfy = Again("prompt", Graph, "workflow", Workflow, "Author", "me");
        Assert.Equal((GeneratorTools.ComfyUi, "a cat", "4"), (comfy.Tool, comfy.Parameters.Prompt, comfy.Parameters.Fields["Postprocess upscale by"]));
        Assert.Equal([new("prompt", Graph), new("workflow", Workflow)], comfy.Texts);

        var swarm = Again("parameters", Swarm);
        Assert.Equal((GeneratorTools.SwarmUi, "a cat"), (swarm.Tool, swarm.Parameters.Prompt));
        Assert.Equal([new("parameters", Swarm), new("extras", "Postprocess upscale by: 4, Postprocess upscaler: x4, Version: Darkroom")], swarm.Texts);
        // Texts of a file that no tool wrote are its owner's.
        Assert.Empty(Again("Author", "me", "Comment", "private").Texts);
    }

    private static byte[] Png(string[] texts)
    {
        using var file = new MemoryStream();
        file.Write(PictureInfo.PngSignature);
        for (int i = 0; i < texts.Length; i += 2)
            file.Write(Chunk("iTXt", [.. Encoding.Latin1.GetBytes(texts[i]), 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(texts[i + 1])]));
        return file.ToArray();
    }

    // Ascending tags; a comment as ASCII, as programs that are not A1111 write it.
    private static byte[] Exif(string? comment, params (ushort Tag, string Text)[] tags)
    {
        int count = tags.Length + (comment is null ? 0 : 1), at = 8 + 2 + 12 * count + 4;
        var (directory, data) = (new List<byte>(), new List<byte>());
        foreach (var (tag, text) in tags)
        {
            byte[] value = [.. Encoding.UTF8.GetBytes(text), 0];
            directory.AddRange(Entry(tag, 2, value.Length, at + data.Count));
            data.AddRange(value);
        }
        if (comment is not null)
        {
            byte[] value = [.. "ASCII\0\0\0"u8, .. Encoding.UTF8.GetBytes(comment)];
            directory.AddRange(Entry(0x8769, 4, 1, at + data.Count));
            data.AddRange([0, 1, .. Entry(0x9286, 7, value.Length, at + data.Count + 2 + 12 + 4), 0, 0, 0, 0, .. value]);
        }
        return [.. "MM\0*\0\0\0\b"u8, 0, (byte)count, .. directory, 0, 0, 0, 0, .. data];
    }

    private static byte[] Entry(ushort tag, ushort type, int count, int value)
    {
        byte[] entry = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(entry, tag);
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(2), type);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(8), value);
        return entry;
    }

    private static byte[] Jpeg(byte[] exif) => [0xFF, 0xD8, .. Segment(0xE1, [.. "Exif\0\0"u8, .. exif]), 0xFF, 0xDA];

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] Webp(byte[] exif)
    {
        byte[] chunk = [.. "EXIF"u8, 0, 0, 0, 0, .. exif];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), exif.Length);
        return [.. "RIFF\0\0\0\0WEBP"u8, .. chunk];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        return chunk;
    }
}
