using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Imaging.Decoding;
using Darkroom.Models.Fields;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>The bodies of the five tasks in the document, against the one table of fields: ranges, lists, lengths, defaults, and what is required.</summary>
public sealed class FieldRangeTests
{
    public static TheoryData<FieldTasks, string, bool> Bodies => new()
    {
        { FieldTasks.Txt2img, "Txt2ImgRequest", false },
        { FieldTasks.Img2img, "Img2ImgRequest", false }, { FieldTasks.Img2img, "Img2ImgForm", true },
        { FieldTasks.Inpaint, "InpaintRequest", false }, { FieldTasks.Inpaint, "InpaintForm", true },
        { FieldTasks.Outpaint, "OutpaintRequest", false }, { FieldTasks.Outpaint, "OutpaintForm", true },
        { FieldTasks.Upscale, "UpscaleRequest", false }, { FieldTasks.Upscale, "UpscaleForm", true },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_has_the_tasks_fields_with_their_ranges_and_defaults(FieldTasks task, string name, bool form)
    {
        await using var server = await RunningServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client);
        var body = document.Schemas[name]!;
        var rows = FieldTable.Of(task).ToList();
        Assert.Equal(rows.Select(static row => row.Name), body["properties"]!.AsObject().Select(static one => one.Key));
        Assert.Equal(rows.Where(static row => row.IsRequired).Select(static row => row.Name).Order(),
            body["required"]?.AsArray().Select(static one => (string)one!).Order() ?? Enumerable.Empty<string>());
        Assert.False((bool)body["additionalProperties"]!);
        Assert.All(rows, row =>
        {
            var property = body["properties"]![row.Name]!.AsObject();
            CheckType(document, property, row.Type, form);
            CheckDefault(property, row);
            Assert.Equal(!row.IsRequired && !(form && row.Type is PictureType), TakesNull(property));
        });
    }

    /// <summary>Bounds of the document are those of the validation: the last value within is read, the first one beyond is a fault.</summary>
    [Fact]
    public async Task A_bound_of_the_document_is_where_the_validation_refuses()
    {
        await using var server = await RunningServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client);
        foreach (var (task, name, _) in Bodies.Select(static one => one.Data))
            foreach (var row in FieldTable.Of(task).Where(static row => row.Type is WholeType or NumberType))
            {
                var property = document.Schemas[name]!["properties"]![row.Name]!;
                var step = row.Type is WholeType ? 1 : 0.001;
                Assert.True(Reads(row, (double)property["maximum"]!), row.Name);
                Assert.False(Reads(row, (double)property["maximum"]! + step), row.Name);
                if (property["exclusiveMinimum"] is { } above) Assert.False(Reads(row, (double)above), row.Name);
                else
                {
                    Assert.True(Reads(row, (double)property["minimum"]!), row.Name);
                    Assert.False(Reads(row, (double)property["minimum"]! - step), row.Name);
                }
            }
    }

    private static bool Reads(FieldInfo row, double value) =>
        row.Type.Read(row.Name, JsonSerializer.SerializeToElement(value)).Faults.Count == 0;

    private static void CheckType(WireDocument document, JsonObject property, FieldType type, bool form)
    {
        switch (type)
        {
            case WholeType whole:
                Assert.Equal(("integer", whole.Special ?? whole.Min, whole.Max), (Type(property), (long)property["minimum"]!, (long)property["maximum"]!));
                Assert.Equal(whole.Max > int.MaxValue ? "int64" : "int32", (string?)property["format"]);
                break;
            case NumberType number:
                Assert.Equal(("number", number.Max), (Type(property), (double)property["maximum"]!));
                Assert.Equal(number.Min, (double)property[number.AboveMin ? "exclusiveMinimum" : "minimum"]!);
                break;
            case TextType text:
                Assert.Equal(("string", text.Max), (Type(property), (int)property["maxLength"]!));
                break;
            case ChoiceType choice:
                Assert.Equal(choice.Names, Named(document, property)["enum"]!.AsArray().Select(static one => (string)one!));
                break;
            case WholeChoiceType choice:
                Assert.Equal(choice.Values, Named(document, property)["enum"]!.AsArray().Select(static one => (long)one!));
                break;
            case FlagType:
                Assert.Equal("boolean", Type(property));
                break;
            case SizeType:
                Assert.Equal(("integer", 1, SizeType.Max), (Type(property), (int)property["minimum"]!, (int)property["maximum"]!));
                break;
            case PictureType:
                Assert.Equal(("string", form ? "binary" : "byte"), (Type(property), (string?)property["format"]));
                Assert.InRange((long)property["maxLength"]!, PictureLimits.Default.MaxBytes, PictureLimits.Default.MaxBytes * 2);
                break;
            case SpanType:
                CheckPair(property, "number", 0, 1);
                break;
            case PixelPairType pair:
                CheckPair(property, "integer", pair.Min, PixelPairType.Max);
                break;
            case TilingType:
                Assert.Equal("boolean", (string?)property["anyOf"]![0]!["type"]);
                Assert.Equal(["x", "y"], document.Resolve(property["anyOf"]![1]!)["enum"]!.AsArray().Select(static one => (string)one!));
                break;
            case WordsType:
                Assert.Equal("boolean", (string?)property["anyOf"]![0]!["type"]);
                Assert.Equal(WordsType.MaxCount, (int)document.Resolve(property["anyOf"]![1]!)["maxItems"]!);
                break;
            case UpscaleType upscale:
                CheckParts(document, Named(document, property), new() { ["model"] = upscale.Model, ["scale"] = upscale.Scale });
                break;
            case CacheType:
                CheckParts(document, Named(document, property), new() { ["method"] = CacheType.Method, ["threshold"] = CacheType.Threshold });
                break;
            case HiresType hires:
                CheckParts(document, Named(document, property), new()
                {
                    ["scale"] = HiresType.Scale, ["width"] = HiresType.Side, ["height"] = HiresType.Side, ["upscaler"] = HiresType.Upscaler,
                    ["steps"] = HiresType.Steps, ["strength"] = HiresType.Strength, ["prompt"] = hires.Prompt, ["negative_prompt"] = hires.Prompt,
                    ["sampler"] = hires.Sampler,
                });
                break;
            case LoraType:
                Assert.Equal(LoraType.MaxCount, (int)property["maxItems"]!);
                CheckParts(document, document.Resolve(property["items"]!), new()
                    { ["id"] = LoraType.Id, ["weight"] = LoraType.Weight, ["text_weight"] = LoraType.Weight, ["hash"] = LoraType.Hash });
                break;
            case EmbeddingsType:
                Assert.Equal(EmbeddingsType.MaxCount, (int)property["maxItems"]!);
                CheckParts(document, document.Resolve(property["items"]!), new() { ["id"] = EmbeddingsType.Id, ["hash"] = LoraType.Hash });
                break;
            case ControlsType controls:
                Assert.Equal((1, ControlsType.Max), ((int)property["minItems"]!, (int)property["maxItems"]!));
                CheckParts(document, document.Resolve(property["items"]!), new()
                {
                    ["model"] = controls.Model, ["weight"] = controls.Weight, ["start"] = controls.Share, ["end"] = controls.Share, ["guess"] = controls.Guess,
                    ["image"] = controls.Image,
                });
                break;
            case WebhookType webhook:
                var target = Named(document, property);
                Assert.Equal(webhook.Url.Max, (int)target["properties"]!["url"]!["maxLength"]!);
                Assert.Equal(WebhookType.Ends,
                    document.Resolve(target["properties"]!["events"]!["items"]!)["enum"]!.AsArray().Select(static one => (string)one!));
                break;
            default:
                Assert.Fail($"The test does not know {type.GetType().Name}.");
                break;
        }
    }

    private static void CheckParts(WireDocument document, JsonNode schema, Dictionary<string, FieldType> parts)
    {
        Assert.Equal(parts.Keys.Order(), schema["properties"]!.AsObject().Select(static one => one.Key).Order());
        Assert.False((bool)schema["additionalProperties"]!);
        foreach (var (name, type) in parts) CheckType(document, schema["properties"]![name]!.AsObject(), type, form: false);
    }

    private static void CheckPair(JsonObject property, string type, double min, double max)
    {
        Assert.Equal(("array", 2, 2), (Type(property), (int)property["minItems"]!, (int)property["maxItems"]!));
        var item = property["items"]!;
        Assert.Equal((type, min, max), ((string?)item["type"], (double)item["minimum"]!, (double)item["maximum"]!));
    }

    private static void CheckDefault(JsonObject property, FieldInfo row)
    {
        Assert.False(property.ContainsKey("default"), row.Name);
        Assert.Equal(row.ModelSets, (bool?)property["x-model-default"] ?? false);
        if (row is not { Default: { } value, DefaultText: null })
        {
            Assert.False(property.ContainsKey("x-default"), row.Name);
            return;
        }
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) row.Type.Write(writer, value);
        var text = Encoding.UTF8.GetString(buffer.ToArray());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), property["x-default"]), $"{row.Name}: {text} and {property["x-default"]?.ToJsonString()}");
        Assert.EndsWith($"Default: {(row.ModelSets ? "the model's, else " : "")}{text.Trim('"')}.", (string?)property["description"]);
    }

    private static string? Type(JsonObject property) => property["type"] is JsonArray types
        ? types.Select(static one => (string?)one).Single(static one => one != "null") : (string?)property["type"];

    // A name stands in a list of one where a description stands beside it.
    private static JsonNode Named(WireDocument document, JsonObject property) =>
        document.Resolve((property["anyOf"] ?? property["allOf"])?[0] ?? property);

    private static bool TakesNull(JsonObject property) => property["type"] is JsonArray types && types.Any(static one => (string?)one == "null")
        || property["anyOf"]?.AsArray().Any(static one => one!["type"] is JsonValue type && (string?)type == "null") == true;
}
