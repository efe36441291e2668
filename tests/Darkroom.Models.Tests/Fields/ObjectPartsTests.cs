using System.Text.Json;
using Darkroom.Models.Fields;

namespace Darkroom.Models.Tests.Fields;

/// <summary>Objects in requests: whatever the field, the same mistakes are told the same way, all at once.</summary>
public sealed class ObjectPartsTests
{
    // A field, an object that it takes, the path to it, and the part that it cannot do without.
    public static TheoryData<string, string, string, string?> Objects => new()
    {
        { "cache", """{"method":"easycache","threshold":0.1}""", "cache", "threshold" },
        { "hires", """{"scale":1.5,"steps":4}""", "hires", null },
        { "upscale", """{"model":"x","scale":2}""", "upscale", null },
        { "controls", """[{"model":"x","image":"aGVsbG8="}]""", "controls.0", "image" },
        { "loras", """[{"weight":0.5,"id":"x"}]""", "loras.0", "id" },
        { "embeddings", """[{"id":"x"}]""", "embeddings.0", "id" },
        { "webhook", """{"events":["failed"],"url":"https://example.org"}""", "webhook", "url" },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public void What_is_wrong_is_told_by_its_path(string field, string json, string path, string? required)
    {
        Assert.Empty(Read(field, json));
        string twice = json.Replace("}", $",{FirstPart(json)}}}", StringComparison.Ordinal);
        Assert.Equal($"{path}.{NameOf(FirstPart(json))} is given twice", Assert.Single(Read(field, twice)));
        string unknown = json.Replace("}", ""","nonsense":1,"more":2}""", StringComparison.Ordinal);
        Assert.Equal([$"{path} has no such field as 'nonsense'", $"{path} has no such field as 'more'"], Read(field, unknown));
        if (required is null) return;
        string missing = json.Replace($"\"{required}\":", "\"nonsense\":", StringComparison.Ordinal);
        Assert.Equal([$"{path} has no such field as 'nonsense'", $"{path}.{required} is required"], Read(field, missing));
    }

    [Theory]
    [InlineData("hires", """{"scale":null,"sampler":null}""")]
    [InlineData("upscale", """{"model":null}""")]
    [InlineData("controls", """[{"model":"x","image":"aGVsbG8=","weight":null,"guess":null}]""")]
    [InlineData("loras", """[{"id":"x","weight":null}]""")]
    [InlineData("webhook", """{"url":"https://example.org","events":null}""")]
    [InlineData("cache", """{"method":"easycache","threshold":null}""", "cache.threshold must be a number")]
    [InlineData("controls", """[{"model":null,"image":"aGVsbG8="}]""", "controls.0.model must be a string")]
    [InlineData("loras", """[{"id":null}]""", "loras.0.id must be a string")]
    [InlineData("loras", """[{"id":""}]""", "loras.0.id is required")]
    [InlineData("webhook", """{"url":null}""", "webhook.url must be a string")]
    public void Null_is_a_part_that_is_left_out_and_no_value_for_one_that_is_required(string field, string json, params string[] faults) =>
        Assert.Equal(faults, Read(field, json));

    private static List<string> Read(string field, string json)
    {
        using var document = JsonDocument.Parse(json);
        var reading = FieldTable.All.Single(one => one.Name == field).Type.Read(field, document.RootElement);
        return [.. reading.Faults.Select(fault => $"{fault.Name} {fault.Predicate}")];
    }

    private static string FirstPart(string json) => json.TrimStart('[', '{').Split(',', '}')[0];

    private static string NameOf(string part) => part.Split('"')[1];
}
