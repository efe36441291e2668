using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>A request of a task, to be sent as JSON or as a form: a <c>byte[]</c> is a picture, all else the value of a field.</summary>
internal sealed class TaskBody(string task)
{
    private readonly Dictionary<string, object?> fields = [];

    public string Path => "/v1/" + task;

    /// <summary>What each task must have, and nothing else.</summary>
    public static TaskBody Least(string task, int width = 64, int height = 64)
    {
        var body = new TaskBody(task);
        if (task is not ("upscale" or "png-info")) body.With("prompt", "a fox");
        if (task != "txt2img") body.With("image", TestPictures.Of(width, height));
        if (task == "inpaint") body.With("mask", TestPictures.Of(width, height, 1));
        if (task == "outpaint") body.With("left", 16);
        return body;
    }

    public TaskBody With(string name, object? value)
    {
        fields[name] = value;
        return this;
    }

    public TaskBody Without(string name)
    {
        fields.Remove(name);
        return this;
    }

    public HttpContent Json(string prefix = "")
    {
        var json = new JsonObject();
        foreach (var (name, value) in fields) json[name] = value is byte[] file ? prefix + Convert.ToBase64String(file) : Node(value);
        return new StringContent(json.ToJsonString(), Encoding.UTF8, "application/json");
    }

    public HttpContent Form()
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            if (value is byte[] file)
                form.Add(new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, name, "fox.png");
            else form.Add(new StringContent(value is string text ? text : Node(value)?.ToJsonString() ?? "null"), name);
        return form;
    }

    public HttpContent As(string kind) => kind switch { "json" => Json(), "data" => Json("data:image/png;base64,"), _ => Form() };

    // Numbers, flags and null; a string that begins with a bracket is JSON.
    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string text when text.StartsWith('{') || text.StartsWith('[') => JsonNode.Parse(text),
        string text => text,
        int number => number,
        double number => number,
        bool flag => flag,
        _ => throw new ArgumentException(value.GetType().Name, nameof(value)),
    };
}
