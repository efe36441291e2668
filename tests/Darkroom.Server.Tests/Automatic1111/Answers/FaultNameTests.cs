using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Answers;

/// <summary>Faults that the core finds are told under the names that were sent, in the place and in the sentence.</summary>
public sealed class FaultNameTests
{
    [Theory]
    [InlineData("""{"enable_hr":true,"hr_resize_x":4000}""", "hr_resize_x", "hr_resize_x must be ")]
    [InlineData("""{"enable_hr":true,"hr_resize_y":8}""", "hr_resize_y", "hr_resize_y must be ")]
    [InlineData("""{"cfg_scale":999}""", "cfg_scale", "cfg_scale must be ")]
    [InlineData("""{"s_churn":1000,"sampler_name":"Euler"}""", "s_churn", "s_churn must be ")]
    [InlineData("""{"alwayson_scripts":{"controlnet":{"args":[{"model":"nobody","image":"PICTURE"}]}}}""", "alwayson_scripts.controlnet.args.0.model", "")]
    public async Task Fault_has_the_name_that_was_sent(string body, string field, string message)
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { ExtraFields = ["hires", "controls"] } };
        using var answer = await server.PostAsync(body.Replace("PICTURE", TestPictures.Base64(64, 64)), path: "/sdapi/v1/txt2img");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, text);
        var fault = JsonNode.Parse(text)!["detail"]!.AsArray().Single(one => (string?)one!["loc"]![1] == field);
        Assert.StartsWith(message, (string?)fault!["msg"]);
    }
}
