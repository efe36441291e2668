{{/*
The pod of a component: single, api or worker. Takes a dict of root and component.
Settings are a map first, so that yours take the place of the chart's and none stands twice.
*/}}
{{- define "darkroom.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $isApi := eq .component "api" -}}
{{- $hasGpu := and $values.gpu.enabled (not $isApi) -}}
{{- $place := ternary $values.api $values.worker $isApi -}}
{{- $settings := dict
  "DataPath" "/data"
  "ModelsPath" "/models"
  "DrainTimeout" $values.drainSeconds
  "Hosts" (include "darkroom.hosts" $root) -}}
{{- if $values.proxies }}{{ $_ := set $settings "Proxies" (join "," $values.proxies) }}{{ end -}}
{{- if $hasGpu }}{{ $_ := set $settings "Engine__Device" "cuda" }}{{ end -}}
{{- if eq $values.mode "cluster" -}}
{{- $_ := set $settings "Role" .component -}}
{{- $_ := set $settings "Store" "postgres" -}}
{{- $_ := set $settings "Artifacts" "s3" -}}
{{- $_ := set $settings "S3__Bucket" (required "mode cluster needs s3.bucket" $values.s3.bucket) -}}
{{- $_ := set $settings "S3__Region" $values.s3.region -}}
{{- with $values.s3.endpoint }}{{ $_ := set $settings "S3__Endpoint" . }}{{ end -}}
{{- $_ := required "mode cluster needs secret.entries.Postgres" $values.secret.entries.Postgres -}}
{{- end -}}
{{- range $setting, $key := $values.secret.entries }}{{ $_ := set $settings (printf "%s_FILE" $setting) (printf "/run/secrets/darkroom/%s" $key) }}{{ end -}}
{{- if hasKey $values.settings "DrainTimeout" }}{{ fail "settings.DrainTimeout would not reach the grace period: set drainSeconds" }}{{ end -}}
{{- range $setting, $value := $values.settings }}{{ $_ := set $settings $setting $value }}{{ end -}}
metadata:
  labels:
    {{- include "darkroom.labels" . | nindent 4 }}
  {{- with $values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "darkroom.serviceAccount" $root }}
  automountServiceAccountToken: false
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $hasGpu }}
  {{- with $values.gpu.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- end }}
  # Longer than the server's own way out, so that it is never killed on it.
  terminationGracePeriodSeconds: {{ add $values.drainSeconds $values.preStopSeconds 15 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: darkroom
      image: "{{ $values.image.repository }}:{{ $values.image.tag | default (ternary "cuda" "cpu" $hasGpu) }}"
      imagePullPolicy: {{ $values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      env:
        - name: ASPNETCORE_URLS
          value: http://*:8080
        {{- range $setting, $value := $settings }}
        - name: Darkroom__{{ $setting }}
          value: {{ $value | toString | quote }}
        {{- end }}
      ports:
        - name: http
          containerPort: 8080
      # It listens within seconds; models load beside that, and readiness waits for them.
      startupProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 2
        failureThreshold: 60
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
      livenessProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- if ne .component "worker" }}
      lifecycle:
        preStop:
          sleep: { seconds: {{ $values.preStopSeconds }} }
      {{- end }}
      resources:
        {{- $resources := deepCopy $place.resources }}
        {{- if $hasGpu }}
        {{- $limits := get $resources "limits" | default dict }}
        {{- $_ := set $limits $values.gpu.resource $values.gpu.count }}
        {{- $_ := set $resources "limits" $limits }}
        {{- end }}
        {{- toYaml $resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
        {{- if $values.secret.entries }}
        - { name: secrets, mountPath: /run/secrets/darkroom, readOnly: true }
        {{- end }}
        {{- if and $values.models.existingClaim (not $isApi) }}
        - { name: models, mountPath: /models/own, readOnly: true }
        {{- end }}
  volumes:
    - name: data
      {{- if and (eq .component "single") $values.persistence.enabled }}
      persistentVolumeClaim:
        claimName: {{ $values.persistence.existingClaim | default (include "darkroom.name" $root) }}
      {{- else }}
      emptyDir: {}
      {{- end }}
    - name: tmp
      emptyDir: {}
    {{- if $values.secret.entries }}
    - name: secrets
      secret:
        secretName: {{ required "secret.entries need secret.name" $values.secret.name }}
        # For the group, which is the pod's own (fsGroup).
        defaultMode: 0440
    {{- end }}
    {{- if and $values.models.existingClaim (not $isApi) }}
    - name: models
      persistentVolumeClaim:
        claimName: {{ $values.models.existingClaim }}
        readOnly: true
    {{- end }}
  {{- with $place.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $place.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $place.affinity }}
  affinity:
    {{- toYaml $place.affinity | nindent 4 }}
  {{- else }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "darkroom.selector" . | nindent 10 }}
  {{- end }}
{{- end -}}
