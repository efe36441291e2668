using System.Text.Json.Nodes;

namespace Darkroom.TestKit.Chaos;

/// <summary>Requests that are refused before they are jobs.</summary>
internal static class WrongOrder
{
    // A PNG of one pixel: what cannot be read at all is told before what is not there.
    private const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static ChaosOrder Make(int number, Random random)
    {
        var (task, fields, end) = random.Next(4) switch
        {
            0 => ("txt2img", """{ "prompt": "fox", "steps": 0, "width": 65 }""", "422 invalid_request"),
            1 => ("txt2img", """{ "prompt": "fox", "model": "nobody" }""", "404 model_not_found"),
            2 => ("img2img", """{ "prompt": "fox", "image": "bm8gcGljdHVyZQ==" }""", "400 invalid_picture"),
            _ => ("upscale", $$"""{ "image": "{{Dot}}", "model": "nobody" }""", "404 upscaler_not_found"),
        };
        var manner = random.Next(2) == 0 ? Manner.Wait : Manner.Poll;
        return new ChaosOrder(number, task, "wrong", manner, JsonNode.Parse(fields)!.AsObject(), 0, new Expectation(end));
    }
}
