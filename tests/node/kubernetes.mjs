// Checks Kubernetes objects against the schemas of Kubernetes, KEDA and the Prometheus operator: a JSON array on standard input, a line for each fault.
import { readFileSync } from "node:fs";
import * as apps from "kubernetes-models/apps/v1";
import * as core from "kubernetes-models/v1";
import * as networking from "kubernetes-models/networking.k8s.io/v1";
import * as policy from "kubernetes-models/policy/v1";
import * as keda from "@kubernetes-models/keda/keda.sh/v1alpha1";
import * as monitoring from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";

const groups = {
    "apps/v1": apps, "v1": core, "networking.k8s.io/v1": networking, "policy/v1": policy, "keda.sh/v1alpha1": keda, "monitoring.coreos.com/v1": monitoring,
};
const kinds = Object.values(groups).flatMap(group => Object.values(group)).filter(model => typeof model === "function");
for (const object of JSON.parse(readFileSync(0, "utf8"))) {
    const name = `${object.apiVersion} ${object.kind} ${object.metadata?.name}`;
    const model = kinds.find(kind => kind.name === object.kind && kind.is?.(object));
    if (!model) {
        console.log(`${name}: there is no such kind`);
        continue;
    }
    try {
        new model(object).validate();
    } catch (fault) {
        console.log(`${name}: ${fault.message}`);
    }
}
